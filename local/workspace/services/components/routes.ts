import type { Hono } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import type { AssetKind } from '../assets/assetKind.ts';
import { componentsBody, componentsVersionsBody } from '../../rules/assets.ts';
import { assetRoutes } from '../assets/routes.ts';

/** Specifications of steps. */
export const component: AssetKind = {
  type: 'components',
  rules: { container: componentsBody, version: componentsVersionsBody },
  noun: 'component',
  fixed: ['componentSpec'],
  provisioned: true,
  read: (members) => ({ componentSpec: members.needed('componentSpec', members.object('componentSpec')) }),
};

/** Components: the whole specification of a step, kept word for word. */
export function componentsRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  return assetRoutes(context, component);
}
