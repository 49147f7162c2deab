/** Returns the slug of a customer and of all below it, at any depth, among those that are given. */
export function collectBelow(
  top: string,
  customers: readonly { slug: string; parent: string | null }[],
): Set<string> {
  const children = Map.groupBy(customers, ({ parent }) => parent ?? '');
  const found = new Set([top]);
  // What is added meanwhile is gone through as well.
  for (const slug of found) for (const child of children.get(slug) ?? []) found.add(child.slug);
  return found;
}
