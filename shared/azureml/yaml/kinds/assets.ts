import type { Family } from './family.ts';
import { dataAsset } from './data.ts';
import { readEnvironment } from './environmentBody.ts';
import { readModel } from './model.ts';

const LASTING = { isAnonymous: false, isArchived: false };

export const environments: Family<'environment'> = {
  noun: 'an environment',
  choose: () => 'environment',
  readers: {
    environment(root, scope) {
      const read = readEnvironment(root, scope);
      if (read && !root.entries.has('name')) scope.refuse(root.at, "The environment needs a 'name'.");
      return read && { ...read, body: { properties: { ...read.properties, ...LASTING } } };
    },
  },
};

export const dataAssets: Family<'data'> = {
  noun: 'a data asset',
  choose: () => 'data',
  readers: {
    data(root, scope) {
      const read = dataAsset(root, scope);
      return read && { ...read, body: { properties: read.properties } };
    },
  },
};

export const models: Family<'model'> = {
  noun: 'a model',
  choose: () => 'model',
  readers: {
    model(root, scope) {
      const read = readModel(root, scope, { needsName: true });
      return read && { ...read, body: { properties: { ...read.properties, ...LASTING } } };
    },
  },
};
