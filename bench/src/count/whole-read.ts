/** A read of a part of items as the read of all of them: what DynamoDB bills is the size of the whole items. */

type Request = Readonly<Record<string, unknown>>;

/** @returns undefined for a request that reads no part */
export function wholeRead(request: Request): Request | undefined {
  const { ProjectionExpression, Select: _select, ExpressionAttributeNames, ...rest } = request;
  if (typeof ProjectionExpression !== 'string') return undefined;
  const conditions = [rest['KeyConditionExpression'], rest['FilterExpression']].join(' ');
  // A name that nothing refers to is refused.
  const used = Object.entries((ExpressionAttributeNames ?? {}) as Record<string, string>).filter(([name]) =>
    conditions.split(/[^#\w]+/).includes(name),
  );
  return used.length > 0 ? { ...rest, ExpressionAttributeNames: Object.fromEntries(used) } : rest;
}
