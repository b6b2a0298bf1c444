/** What every module needs: failures that a person can mend, and how texts are compared. */
package dev.repartee.text;
