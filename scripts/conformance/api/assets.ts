import { LEFT_OUT } from './bodies.ts';
import { hints, type Generated } from './generated.ts';

/** A container is made by its first version, and may be written by itself. */
const containers: readonly Generated[] = ['codes', 'components', 'data', 'environments', 'models'].map(
  (resource) => ({
    resource,
    path: (number) => `${resource}/container-${number}`,
    hints: () => [hints()],
  }),
);

/** Versioned assets, as a workspace has them. */
export const assets: readonly Generated[] = [
  ...containers,
  { resource: 'codes/versions', path: (number) => `codes/c-${number}/versions/1`, hints: () => [hints()] },
  {
    resource: 'components/versions',
    needs: [/componentSpec$/],
    path: (number) => `components/c-${number}/versions/1`,
    hints: () => [
      hints([
        /componentSpec$/,
        { name: 'c', version: '1', type: 'command', command: 'echo', environment: 'azureml:e:1' },
      ]),
    ],
  },
  { resource: 'data/versions', path: (number) => `data/d-${number}/versions/1`, hints: () => [hints()] },
  {
    resource: 'environments/versions',
    needs: [/\.(image|build)$/],
    path: (number) => `environments/e-${number}/versions/1`,
    hints: () => [
      hints([/\.build$/, LEFT_OUT], [/\.image$/, 'python:3']),
      hints([/\.(image|condaFile)$/, LEFT_OUT], [/\.build$/, { contextUri: 'https://github.com/a/b' }]),
    ],
  },
  {
    resource: 'models/versions',
    needs: [/modelUri$/],
    path: (number) => `models/m-${number}/versions/1`,
    hints: () => [
      hints(
        [/modelUri$/, 'azureml://datastores/workspaceblobstore/paths/m'],
        // The request schema and the types contradict each other here.
        [/\.flavors$/, LEFT_OUT],
      ),
    ],
  },
];

/** Workspaces beside the one that is made at start. */
export const workspaces: Generated = {
  resource: 'workspaces',
  needs: [/^location$/],
  path: (number) => `workspaces/workspace-${number}`,
  hints: () => [hints([/^name$/, LEFT_OUT], [/^kind$/, 'Default'])],
};

/** Registries, and the same assets in one of them. */
export const registries: readonly Generated[] = [
  {
    resource: 'registries',
    needs: [/^location$/],
    path: (number) => `registries/registry-${number}`,
    hints: () => [hints([/^name$/, LEFT_OUT])],
  },
  ...assets.map(({ resource, path, ...rest }) => ({
    ...rest,
    resource: `registries/${resource}`,
    path: (number: number) => `registries/known/${path(number)}`,
  })),
];
