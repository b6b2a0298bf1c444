/** Tests of what deploys the service. */
package dev.repartee.infra;
