import { isObject } from '../server/bodies.ts';
import categories from './connectionCategories.json' with { type: 'json' };
import { choice, flag, fullText, list, map, needed, object, text, texts, word, type Shape } from './shape.ts';

/** What a connection goes to, by the group that the service counts it to. */
export const CATEGORIES: Readonly<Record<string, readonly string[]>> = categories;

/** What each way of signing in is given; all of it is secret to everyone but `listsecrets`. */
const CREDENTIALS: Readonly<Record<string, readonly string[]>> = {
  AAD: [],
  AccessKey: ['accessKeyId', 'secretAccessKey'],
  AccountKey: ['key'],
  ApiKey: ['key'],
  ManagedIdentity: ['clientId', 'resourceId'],
  None: [],
  OAuth2: [
    'authUrl',
    'clientId',
    'clientSecret',
    'developerToken',
    'password',
    'refreshToken',
    'tenantId',
    'username',
  ],
  PAT: ['pat'],
  SAS: ['sas'],
  ServicePrincipal: ['clientId', 'clientSecret', 'tenantId'],
  UsernamePassword: ['password', 'securityToken', 'username'],
};

/** Under the member that the service has for them, or by themselves: the published schemas know both. */
const customKeys = map((value, place, wrong) => (isObject(value) ? texts : text)(value, place, wrong));

const kinds: [string, Shape][] = Object.entries(CREDENTIALS).map(([kind, members]) => [
  kind,
  object({
    credentials: object(
      Object.fromEntries(
        members.map((name) => [name, name === 'clientId' && kind === 'OAuth2' ? fullText : text]),
      ),
    ),
  }),
]);

const connectionProperties = choice(
  'authType',
  object({
    category: word(...Object.values(CATEGORIES).flat()),
    error: text,
    expiryTime: text,
    isSharedToAll: flag,
    metadata: texts,
    peRequirement: word('Required', 'NotRequired', 'NotApplicable'),
    peStatus: word('Inactive', 'Active', 'NotApplicable'),
    sharedUserList: list(text),
    target: text,
    useWorkspaceManagedIdentity: flag,
  }),
  {
    ...Object.fromEntries(kinds),
    CustomKeys: object({ credentials: customKeys }),
  },
);

/** What a PUT of a connection may hold. */
export const connectionsBody = object({ properties: needed(connectionProperties) });
