/** `npm run yaml -- FILE`: what would be sent for a v2 YAML file, as a plan; nothing is sent. */
import { register } from 'tsx/esm/api';

register();
await import('./yaml/main.ts');
