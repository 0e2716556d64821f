import { Badge } from '../../ui/badge';

/** Documented by whoever made the price, or assumed here: shapes differ, too, not colours alone. */
export function ProvenanceBadge({ provenance }: { provenance: 'documented' | 'assumed' }) {
  return provenance === 'documented' ? (
    <Badge tone="accent" title="A published price">
      documented
    </Badge>
  ) : (
    <Badge tone="outline" title="Not published: a price this installation assumes">
      assumed
    </Badge>
  );
}
