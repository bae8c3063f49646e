/** Sizes whose number counts something else than cores. */
const CORES_BY_FAMILY: readonly [RegExp, Readonly<Record<number, number>>][] = [
  [
    /^Standard_DS?(\d+)(?:-\d+)?_v2$/i,
    { 1: 1, 2: 2, 3: 4, 4: 8, 5: 16, 11: 2, 12: 4, 13: 8, 14: 16, 15: 20 },
  ],
];

/** Cores of an Azure machine size such as `Standard_DS3_v2`, or undefined when the name is not one. */
export function coresOf(instanceType: string): number | undefined {
  for (const [pattern, cores] of CORES_BY_FAMILY) {
    const number = pattern.exec(instanceType)?.[1];
    if (number !== undefined) return cores[Number(number)];
  }
  const number = /^Standard_[A-Z]+(\d+)[a-z]*(?:_[A-Za-z0-9]+)*$/i.exec(instanceType)?.[1];
  return number === undefined || Number(number) === 0 ? undefined : Number(number);
}

/** Azure reserves a fifth more instances for upgrades, in whole machines. */
export function reservedCores(cores: number, instances: number): number {
  return cores * Math.ceil(instances * 1.2);
}
