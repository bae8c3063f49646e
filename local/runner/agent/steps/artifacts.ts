import path from 'node:path';
import type { CheckoutStepPlan, DownloadStepPlan, PublishStepPlan } from '../../plan.ts';
import { expand } from './expand.ts';
import { defaultFolder } from './process.ts';
import { DONE, type Attempt, type RunningStep, type StepHost } from './step.ts';

/** `publish:`; a relative path counts from the default working directory. */
export function publishAttempt(plan: PublishStepPlan, step: RunningStep, host: StepHost): Attempt {
  const source = path.resolve(defaultFolder(host), expand(plan.path.text, host));
  const name = expand(plan.artifact.text, host);
  return async () => {
    await host.artifacts.publish(name, source);
    step.state.sink.line(`Published '${source}' as the artifact '${name}'.`);
    return DONE;
  };
}

/** `download: current`; without a path, artifacts go to folders of their names below Pipeline.Workspace. */
export function downloadAttempt(plan: DownloadStepPlan, step: RunningStep, host: StepHost): Attempt {
  const name = plan.artifact && expand(plan.artifact.text, host);
  const given = plan.path && path.resolve(host.folders.build, expand(plan.path.text, host));
  const target = given ?? (name ? path.join(host.folders.build, name) : host.folders.build);
  const patterns = expand(plan.patterns?.text ?? '**', host)
    .split('\n')
    .map((one) => one.trim());
  return async () => {
    if (plan.source === 'none') return DONE;
    const names = await host.artifacts.download({ name, patterns: patterns.filter(Boolean), target });
    const line = (one: string): string =>
      `Downloaded the artifact '${one}' to '${name ? target : path.join(target, one)}'.`;
    for (const one of names) step.state.sink.line(line(one));
    if (names.length === 0) step.state.sink.line('The run has published no artifacts.');
    return DONE;
  };
}

export function checkoutAttempt(plan: CheckoutStepPlan, step: RunningStep, host: StepHost): Attempt {
  return async () => {
    if (plan.repository === 'none') return DONE;
    await host.checkout(host.folders.sources);
    step.state.sink.line(`Checked the pipeline's repository out into '${host.folders.sources}'.`);
    return DONE;
  };
}
