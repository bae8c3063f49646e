export { Notifications } from './notifications.ts';
export type { Webhook } from './webhook.ts';
