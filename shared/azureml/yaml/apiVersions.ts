/** One stable api-version for GET and PUT of a resource: the one that carries every member this client sends. */
export const API_VERSION = '2025-12-01';

/** No stable api-version knows root access, patching and quota of a compute instance, which are always sent. */
export const COMPUTE_INSTANCE_VERSION = '2026-03-15-preview';

/** Monitors as the reference client writes them, and imports of data, are in this version alone. */
export const MONITOR_VERSION = '2023-06-01-preview';

/** No stable api-version knows whether a workspace may assign roles in its group. */
export const ROLE_ASSIGNMENT_VERSION = '2026-03-15-preview';

/** Previews alone know when data may be deleted, and how a model is deployed by template. */
export const AUTO_DELETE_VERSION = '2023-04-01-preview';
export const TEMPLATE_VERSION = '2023-08-01-preview';

/** Previews alone know how many nodes an AutoML job may use and how many trials its sweeps may have, which are sent. */
export const AUTOML_VERSION = '2024-01-01-preview';
