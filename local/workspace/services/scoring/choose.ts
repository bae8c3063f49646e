/** A deployment by its share of the live traffic; `random` is from 0 up to 1. Undefined when nothing takes traffic. */
export function chooseByTraffic(
  traffic: Readonly<Record<string, number>>,
  random: number,
): string | undefined {
  const shares = Object.entries(traffic).filter(([, share]) => share > 0);
  let left = random * shares.reduce((sum, [, share]) => sum + share, 0);
  for (const [name, share] of shares) {
    left -= share;
    if (left < 0) return name;
  }
  return shares.at(-1)?.[0];
}

/** The deployment that gets a copy of this request, if any. */
export function chooseMirror(
  mirrorTraffic: Readonly<Record<string, number>>,
  random: number,
): string | undefined {
  const [name, share] = Object.entries(mirrorTraffic).find(([, percent]) => percent > 0) ?? [];
  return share !== undefined && random * 100 < share ? name : undefined;
}
