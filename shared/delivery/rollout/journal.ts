import type { Probe as SmokeProbe } from '../../rollout/smoke/smokeTest.ts';
import { sameSplit, type TrafficSplit } from '../../rollout/traffic.ts';
import type { Probe, TrafficChange } from '../../evidence/index.ts';

/** What a rollout did, for the evidence and the summary. */
export class Journal {
  readonly trafficChanges: TrafficChange[] = [];
  readonly allProbes: Probe[] = [];
  /** The tail of the container's log, once a failure had it fetched. */
  logTail: readonly string[] = [];

  traffic(at: Date, before: TrafficSplit, after: TrafficSplit): void {
    if (!sameSplit(before, after)) this.trafficChanges.push({ at: at.toISOString(), before, after });
  }

  probes(at: Date, probes: readonly SmokeProbe[]): void {
    for (const { name, passed, status, latencyInMs, findings } of probes)
      this.allProbes.push({
        name,
        passed,
        at: at.toISOString(),
        ...(status !== undefined && { status }),
        ...(latencyInMs !== undefined && { latencyInMs: Math.round(latencyInMs) }),
        ...(findings.length > 0 && { reason: findings.join(' ') }),
      });
  }

  look(at: Date, { name, passed, words }: { name: string; passed: boolean; words: string }): void {
    this.allProbes.push({ name, passed, at: at.toISOString(), reason: words });
  }

  log(lines: readonly string[]): void {
    this.logTail = lines;
  }
}
