/** Stands in for Azurite's telemetry library where storage is bundled: what is not there cannot send. */
module.exports = {};
