/** Which keys are due for their scheduled rotation. */
export interface DueKey {
  readonly keyId: string;
  /** As the index has it. */
  readonly dueAtMs: number;
}

export interface DueKeys {
  /** Enabled keys that are due at this moment or before. May lag behind: read a key itself before acting on it. */
  dueBy(atMs: number): Promise<readonly DueKey[]>;
}
