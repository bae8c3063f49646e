import fc from 'fast-check';
import assert from 'node:assert/strict';
import { marked, type Token, type Tokens } from 'marked';
import {
  addLink,
  EMPTY_RECORD,
  escapeMarkdown,
  sealRecord,
  summaryMarkdown,
  summaryText,
  type EvidenceRecord,
  type Judged,
} from '../../../shared/evidence/index.ts';
import { deployed, judged, planned, registered, trained, wholeRecord } from './fixture.ts';

const hostilePieces = [
  '|',
  '\n',
  '\r\n# title',
  '<script>alert(1)</script>',
  '<img src=x onerror=y>',
  '[x](javascript:alert(1))',
  '![x](http://evil.example/p.png)',
  '##vso[task.setvariable variable=a]b',
  '##[error]x',
  '`',
  '```',
  '**',
  '__',
  '_',
  '~~',
  'http://evil.example',
  'www.evil.example',
  'a@b.example',
  '<https://evil.example>',
  '&lt;b&gt;',
  '&#x3c;',
  '\\',
  '\u202e',
  '\u200b',
  '\u001b[31m',
  '\u2028',
  '- ',
  '+ ',
  '1. ',
  '> ',
  '---',
  '===',
  '[ref]: http://evil.example',
  '[ref]',
  '#12',
  '!7',
  ':smile:',
  '$x$',
  '\u0000',
  '%0D%0A',
  'plain',
  ' ',
  'é',
];
const hostile = fc
  .array(fc.constantFrom(...hostilePieces), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(''));

function all(tokens: readonly Token[]): Token[] {
  return tokens.flatMap((token) => {
    const nested = 'tokens' in token && Array.isArray(token.tokens) ? all(token.tokens as Token[]) : [];
    const items =
      token.type === 'list' ? (token as Tokens.List).items.flatMap((item) => all(item.tokens)) : [];
    const cells =
      token.type === 'table'
        ? (token as Tokens.Table).rows.flat().concat((token as Tokens.Table).header)
        : [];
    return [token, ...nested, ...items, ...cells.flatMap((cell) => all(cell.tokens))];
  });
}

/** What a reader sees of a line of Markdown. */
function rendered(markdown: string): string {
  const html = marked.parseInline(markdown, { async: false });
  assert.doesNotMatch(html, /</, html);
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  return html.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => named[name]!);
}

async function hostileRecord(text: string): Promise<EvidenceRecord> {
  const base = await judged();
  const content: Judged = {
    ...base,
    findings: base.findings.map((finding) => ({
      ...finding,
      metric: text,
      reason: `${text} is worse.`,
      asked: text,
    })),
    reason: `Worse than the champion on ${text}.`,
    champion: {
      ...base.champion!,
      model: { name: text, version: text, id: text },
      endpointName: text,
      jobName: text,
    },
    policy: { ...base.policy, file: text, rules: { ...base.policy.rules, name: text } },
  };
  const build = { pipeline: text, runName: text, runUrl: text };
  const links = [
    {
      kind: 'trained' as const,
      content: {
        ...trained,
        jobName: text,
        jobUrl: text,
        status: text,
        build,
        source: { branch: text },
        data: [{ name: text, uri: text }],
      },
    },
    { kind: 'judged' as const, content },
    { kind: 'registered' as const, content: { ...(await registered()), modelName: text, modelType: text } },
    {
      kind: 'planned' as const,
      content: {
        ...planned,
        endpointName: text,
        diff: [{ resource: 'endpoint' as const, field: text, from: text }],
        deletes: [text],
      },
    },
    {
      kind: 'deployed' as const,
      content: {
        ...deployed,
        reason: text,
        approver: { known: true, name: text, comment: text },
        probes: [{ name: text, passed: false, reason: text }],
      },
    },
  ];
  let record = EMPTY_RECORD;
  for (const link of links) record = await addLink(record, { ...link, at: new Date(0) });
  return record;
}

function shapeOf(markdown: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type } of all(marked.lexer(markdown))) {
    if (['text', 'escape', 'space'].includes(type)) continue;
    counts[type] = (counts[type] ?? 0) + 1;
  }
  return counts;
}

describe('The summary', () => {
  it('begins with the verdict and shows what got worse, the numbers, the plan and where everything came from', async () => {
    const sealed = await sealRecord(await wholeRecord());
    const markdown = summaryMarkdown(sealed);
    assert.match(markdown, /^\*\*Verdict: better, passed\.\*\* Better than the champion on test\\_rmse/);
    const headings = marked
      .lexer(markdown)
      .flatMap((token) => (token.type === 'heading' ? [(token as Tokens.Heading).text] : []));
    assert.deepEqual(headings, [
      'What got worse',
      'Metrics',
      'Compared with',
      'Plan',
      'Deployment',
      'Model',
      'Training',
      'Evidence',
    ]);
    const [metrics] = marked.lexer(markdown).filter((token): token is Tokens.Table => token.type === 'table');
    assert.deepEqual(
      metrics?.rows.map((row) => row.map(({ text }) => rendered(text))),
      [
        ['test_rmse', '55.25', '60.5', '-5.25 (-8.68 %)', 'at least 1 % better; at most 70', 'met, better'],
        ['test_r2', '0.48', '0.49', '-0.01 (-2.04 %)', 'at most 0.05 worse', 'met'],
        ['fit_seconds', '3', '2', '+1 (+50 %)', 'not worse', 'worse (report only)'],
      ],
    );
    assert.ok(markdown.includes(sealed.hash));
  });

  it('reads the same in a terminal, aligned and without any marks', async () => {
    const text = summaryText(await sealRecord(await wholeRecord()));
    assert.match(text, /^Verdict: better, passed\. Better than the champion on test_rmse/);
    assert.match(text, /\n {2}test_rmse +55\.25 +60\.5 +-5\.25 \(-8\.68 %\)/);
    assert.doesNotMatch(text, /\\|\*\*|\|/);
  });

  it('says so when nothing got worse, when nothing was judged, and when there is no champion', async () => {
    const base = await judged();
    const kind = 'judged' as const;
    const best = { ...base, findings: base.findings.slice(0, 1) };
    const first = { ...base, verdict: 'no-champion' as const, champion: null, findings: [] };
    const of = async (content: Judged): Promise<string> =>
      summaryText(await sealRecord(await addLink(EMPTY_RECORD, { kind, at: new Date(0), content })));
    assert.match(await of(best), /No metric of the policy got worse\./);
    assert.match(await of(first), /There is no champion\./);
    assert.match(summaryText(await sealRecord(EMPTY_RECORD)), /^This candidate has not been judged\./);
  });

  it('links only to web addresses', async () => {
    const content = {
      ...trained,
      jobUrl: 'javascript:alert(1)',
      build: { runName: 'r', runUrl: 'https://user:x@example.org/' },
    };
    const record = await addLink(EMPTY_RECORD, { kind: 'trained', at: new Date(0), content });
    assert.equal(shapeOf(summaryMarkdown(await sealRecord(record)))['link'], undefined);
    const links = all(marked.lexer(summaryMarkdown(await sealRecord(await wholeRecord())))).flatMap(
      (token) => (token.type === 'link' ? [(token as Tokens.Link).href] : []),
    );
    assert.deepEqual(links, [
      'https://ml.azure.com/runs/diabetes_7f3a?wsid=x&tid=y',
      'https://example.org/run/12',
    ]);
  });
});

describe('Text from outside', () => {
  it('shows as itself in Markdown, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.oneof(hostile, fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary-ascii' })),
        (text) => {
          const shown = rendered(escapeMarkdown(text)).trim();
          const line = text
            .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
            .replace(/[\p{Cf}\p{Surrogate}\p{Private_Use}\p{Unassigned}]/gu, '')
            .trim();
          assert.equal(shown, line);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('cannot add a heading, a link, a cell, an image or HTML to the summary', async () => {
    const expected = shapeOf(summaryMarkdown(await sealRecord(await hostileRecord('harmless'))));
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        const markdown = summaryMarkdown(await sealRecord(await hostileRecord(`x${text}x`)));
        assert.deepEqual(shapeOf(markdown), expected, markdown);
        assert.doesNotMatch(marked.parse(markdown, { async: false }), /<(script|img|b|iframe)\b/i);
      }),
      { numRuns: 300 },
    );
  });

  it('cannot give the agent a command nor the terminal an escape sequence', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        const sealed = await sealRecord(await hostileRecord(text));
        for (const page of [summaryText(sealed), summaryMarkdown(sealed)]) {
          assert.doesNotMatch(page, /##\s*(vso|\[)/i);
          assert.doesNotMatch(page, /[\u0000-\u0009\u000b-\u001f\u007f\u202a-\u202e\u200b]/);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('of any length leaves a page that can be read', async () => {
    const page = summaryMarkdown(await sealRecord(await hostileRecord('x'.repeat(100_000))));
    assert.ok(page.length < 30_000, String(page.length));
  });
});
