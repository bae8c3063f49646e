/** One stable api-version for GET and PUT of a resource: the one that carries every member this client sends. */
export const API_VERSION = '2025-12-01';
