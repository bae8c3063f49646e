import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { templateOf, TRIGGERS } from './templates.ts';

describe('The templates of the triggers sample', () => {
  it('set what the function reads, and refer to nothing that is not there', () => {
    const app = templateOf('functionApp.json');
    const text = JSON.stringify(app);
    const site = app.resources.find(({ type }) => type === 'Microsoft.Web/sites');
    const set = site.properties.siteConfig.appSettings.map(({ name }: { name: string }) => name);
    const source = readFileSync(path.join(TRIGGERS, 'function/src/settings.js'), 'utf8');
    const needed = [...source.matchAll(/needed\('(\w+)'\)/g)].map(([, name]) => name);
    assert.deepEqual(
      needed.filter((name) => !set.includes(name)),
      [],
    );
    for (const template of [app, templateOf('eventSubscription.json')]) {
      const content = JSON.stringify(template);
      const used = (word: string) =>
        [...content.matchAll(new RegExp(`${word}\\('(\\w+)'\\)`, 'g'))].map(([, name]) => name!);
      assert.deepEqual(new Set(used('parameters')), new Set(Object.keys(template.parameters)));
      assert.deepEqual(new Set(used('variables')), new Set(Object.keys(template.variables ?? {})));
      for (const resource of template.resources) {
        assert.match(resource.type, /^Microsoft\.\w+\/\w+/);
        assert.match(resource.apiVersion, /^\d{4}-\d{2}-\d{2}$/);
        assert.ok(resource.name);
      }
      for (const [expression] of content.matchAll(/"\[[^"]*\]"/g))
        assert.equal(expression.split('(').length, expression.split(')').length, expression);
    }
    assert.match(text, /SystemAssigned/);
  });
});
