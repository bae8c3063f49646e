export type { EnvironmentRequest, PrepareOptions, PreparedEnvironment } from './request.ts';
