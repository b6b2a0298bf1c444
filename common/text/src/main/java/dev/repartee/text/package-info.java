/** What every module needs: failures that a user can fix, and how texts are compared. */
package dev.repartee.text;
