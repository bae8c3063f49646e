import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { readableLine } from '../../../../local/runner/display/logLine.ts';
import { renderMarkdown } from '../../../../local/runner/display/markdown.ts';
import { createScreen } from '../../../../local/runner/display/screen.ts';
import { createStyle } from '../../../../local/runner/display/style.ts';
import { duration, fit, plainLine } from '../../../../local/runner/display/text.ts';
import { createProject, removeProjects, run, screen } from '../execute/harness.ts';

after(removeProjects);

const plain = createStyle(false);

/** What a terminal shows after it has obeyed the sequences a screen uses. */
function played(text: string): string[] {
  const lines: string[] = [''];
  for (const part of text.split(/(\u001b\[\d*[A-Z]|\r|\n)/)) {
    const up = /^\u001b\[(\d+)A$/.exec(part);
    if (up) lines.length = Math.max(1, lines.length - Number(up[1]));
    else if (part === '\n') lines.push('');
    else if (part === '\r') lines[lines.length - 1] = '';
    else if (part !== '\u001b[J') lines[lines.length - 1] += part;
  }
  return lines;
}

describe('text from outside', () => {
  it('cannot move the cursor, set titles, colour or turn the reading direction', () => {
    const evil = 'a\u001b[2Jb\u001b]0;title\u0007c\u001b[31mred\u001b[0m\u0007\u202ed\u009b5A\te';
    assert.equal(plainLine(evil), 'abcredd5A\te');
  });
  it('shows its marks as words', () => {
    const lines = [
      '##[error]bad',
      '##[warning]hm',
      '##[group]Install',
      '##[endgroup]',
      '##[command]ls',
      'plain ##[x]',
    ];
    assert.deepEqual(
      lines.map((line) => readableLine(line, plain)),
      ['error: bad', 'warning: hm', 'Install', undefined, '> ls', 'plain ##[x]'],
    );
  });
  it('is cut with a mark, and times read like times', () => {
    assert.equal(fit('abcdef', 4), 'abc…');
    assert.deepEqual([20, 12_345, 125_000, 3_725_000].map(duration), [
      '20 ms',
      '12.3 s',
      '2 min 05 s',
      '1 h 02 min',
    ]);
  });
});

describe('Markdown in a terminal', () => {
  it('keeps tables in columns, lists, code and links with their addresses', () => {
    const text = `# Verdict: **better**

| metric | champion | candidate |
| --- | ---: | ---: |
| \`rmse\` | 55.1 | **53.9** |
| é | 1 | 22.22 |

1. first
2. [the run](https://example.org/run)

\`\`\`
code \u001b[2J
\`\`\`

a &lt;b&gt; <script>x</script>`;
    assert.deepEqual(renderMarkdown(text, plain), [
      'Verdict: better',
      '',
      'metric  champion  candidate',
      '------  --------  ---------',
      'rmse        55.1       53.9',
      'é              1      22.22',
      '',
      '1. first',
      '2. the run <https://example.org/run>',
      '',
      '    code ',
      '',
      'a <b> <script>x</script>',
    ]);
  });
});

describe('the screen', () => {
  it('keeps lines above and draws the area below again', () => {
    const { terminal, shown } = screen([]);
    const one = createScreen(terminal);
    one.draw(['step 1', 'step 2']);
    one.print('log');
    one.draw(['step 2']);
    assert.deepEqual(played(shown()), ['log', 'step 2', '']);
  });
  it('holds lines back while somebody is asked', () => {
    const { terminal, shown } = screen([]);
    const one = createScreen(terminal);
    one.draw(['area']);
    const hold = one.hold();
    one.print('late');
    one.draw(['area 2']);
    one.write('question? ');
    assert.deepEqual(played(shown()), ['question? ']);
    hold.release();
    assert.deepEqual(played(shown()), ['question? late', 'area 2', '']);
  });
  it('draws nothing where nobody watches', () => {
    const { terminal, shown } = screen();
    const one = createScreen(terminal);
    one.draw(['area']);
    one.print('line');
    assert.equal(shown(), 'line\n');
  });
});

const YAML = `
stages:
- stage: Train
  jobs:
  - job: train
    displayName: Train the model
    steps:
    - checkout: none
    - bash: |
        echo "##vso[task.setprogress value=12]fitting"
        printf 'epoch \\033[2J1\\n'
        sleep 0.6
        echo "##vso[task.setprogress value=55]fitting more"
        echo "##vso[task.logissue type=error]loss is NaN"
        exit 1
      name: fit
      displayName: Fit
- stage: Next
  jobs: [{ job: n, steps: [{ bash: 'true' }] }]`;

describe('the display of a run', () => {
  it('tells steps, log lines, progress and the end as plain lines in a log', async () => {
    const { shown } = await run(createProject(), YAML);
    const lines = shown.split('\n');
    assert.ok(lines.includes('[Train / Train the model] ▶ Fit'));
    assert.ok(lines.includes('[Train / Train the model] 12 % fitting'));
    assert.ok(lines.includes('[Train / Train the model] 55 % fitting more'));
    assert.ok(lines.includes('[Train / Train the model] epoch 1'));
    assert.ok(lines.includes('[Train / Train the model] error: loss is NaN'));
    assert.ok(lines.some((line) => /✗ Train: failed \(.+\)$/.test(line)));
    assert.ok(lines.includes('- Next: skipped'));
    assert.ok(lines.some((line) => /^Record: .+run\.json$/.test(line)));
    assert.equal(shown.includes('\u001b'), false);
  });

  it('shows a live list of steps with state, percentage and elapsed time to a person', async () => {
    const { terminal, shown } = screen([]);
    Reflect.set(terminal.output, 'columns', 60);
    const views: string[][] = [];
    const running = run(createProject(), YAML, { terminal });
    const looking = (async (): Promise<void> => {
      for (let looks = 0; looks < 100; looks++) {
        await delay(20);
        views.push(played(shown()));
      }
    })();
    const ran = await running;
    await looking;
    const bare = (line: string): string => line.replace(/\u001b\[\d+m/g, '');
    const all = views.map((view) => view.map(bare));
    assert.ok(
      all.some((view) => view.some((line) => /^ {3}▶ Fit {2}[\d.]+ m?s {2}12 % fitting$/.test(line))),
    );
    assert.ok(all.some((view) => view.includes('▶ Train  · Next')));
    assert.ok(all.every((view) => view.slice(-6).every((line) => line.length <= 200)));
    assert.equal(ran.record.result, 'failed');
    const last = played(shown()).map(bare);
    assert.ok(last.some((line) => line.startsWith('Run ')));
    assert.ok(!last.some((line) => /^ {3}▶ Fit/.test(line)));
  });
});
