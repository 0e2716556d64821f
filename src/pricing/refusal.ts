/** Something that cannot be priced. `path` names the field. */
export class PricingRefusal extends Error {
  override readonly name = 'PricingRefusal';

  constructor(
    readonly path: string,
    readonly reason: string,
  ) {
    super(`${path}: ${reason}`);
  }
}
