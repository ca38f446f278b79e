/* Steps from one value to another. */
#include "reference.h"

struct oas_spot spot_get(struct oas_spot spot, const char *name)
{
    return (struct oas_spot){spot.doc, tree_get(spot.doc, spot.node, str_from(name))};
}

struct str spot_text(struct oas_spot spot, const char *name)
{
    return tree_text(spot.doc, spot_get(spot, name).node);
}

struct oas_spot spot_first(struct oas_spot container)
{
    return (struct oas_spot){container.doc, tree_first(container.doc, container.node)};
}

struct oas_spot spot_next(struct oas_spot spot)
{
    return (struct oas_spot){spot.doc, tree_next(spot.doc, spot.node)};
}
