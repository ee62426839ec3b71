/** What the KV engine knows of a secret beside its content. */
export interface SecretMetadata {
  readonly currentVersion: number;
  readonly custom: Readonly<Record<string, string>>;
  readonly maxVersions: number;
  readonly casRequired: boolean;
  /** In order, the newest last. */
  readonly versions: readonly {
    readonly version: number;
    readonly state: 'present' | 'deleted' | 'destroyed';
    readonly createdAt: string;
  }[];
}

export function metadataFrom(data: Readonly<Record<string, unknown>>, nowMs: number): SecretMetadata {
  const versions = (data['versions'] ?? {}) as Readonly<Record<string, Record<string, unknown>>>;
  return {
    currentVersion: Number(data['current_version']),
    custom: (data['custom_metadata'] ?? {}) as Readonly<Record<string, string>>,
    maxVersions: Number(data['max_versions']),
    casRequired: data['cas_required'] === true,
    versions: Object.entries(versions)
      .map(([version, facts]) => ({
        version: Number(version),
        state: stateOf(facts, nowMs),
        createdAt: String(facts['created_time']),
      }))
      .sort((left, right) => left.version - right.version),
  };
}

/** A deletion may also be due later (`delete_version_after`): then it has a time, and is still there. */
function stateOf(
  facts: Readonly<Record<string, unknown>>,
  nowMs: number,
): 'present' | 'deleted' | 'destroyed' {
  if (facts['destroyed'] === true) return 'destroyed';
  const deletedAt = String(facts['deletion_time'] ?? '');
  return deletedAt !== '' && Date.parse(deletedAt) <= nowMs ? 'deleted' : 'present';
}
