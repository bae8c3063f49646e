/** Numbers from 0 up to 1 that are the same for the same seed and name: xorshift, which is random enough for faults. */
export function chanceOf(seed: number, name: string): () => number {
  let state = 2166136261 ^ seed;
  for (const letter of name) state = Math.imul(state ^ letter.charCodeAt(0), 16777619);
  state = state >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
