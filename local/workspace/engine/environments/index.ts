export { prepareEnvironment } from './prepare.ts';
export type { EnvironmentRequest, PrepareOptions, PreparedEnvironment } from './request.ts';
