/** What times the product, and what the demo shows. It ships in no image or archive. */
package dev.repartee.lab;
