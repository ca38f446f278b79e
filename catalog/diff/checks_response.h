/* Checks of what they get: rows of DIFF_CHECKS (checks.h). */
#ifndef CHANCERY_DIFF_CHECKS_RESPONSE_H
#define CHANCERY_DIFF_CHECKS_RESPONSE_H

/* clang-format off */
#define DIFF_CHECKS_RESPONSE(X) \
    X("required-response-header-removed", HEADERS, EXISTENCE, NARROWS, RESPONSE, GUARD_NEGOTIATED, "the mandatory response header {header} removed for the status {status}") \
    X("response-body-all-of-added", SCHEMA, STRUCTURE, NARROWS, RESPONSE, 0, "added {list} to the response body `allOf` list for the response status {status}") \
    X("response-body-all-of-added-annotation-only", SCHEMA, STRUCTURE, NONE, RESPONSE, 0, "added annotation-only {list} to the response body `allOf` list for the response status {status}") \
    X("response-body-all-of-removed", SCHEMA, STRUCTURE, WIDENS, RESPONSE, 0, "removed {list} from the response body `allOf` list for the response status {status}") \
    X("response-body-all-of-removed-annotation-only", SCHEMA, STRUCTURE, NONE, RESPONSE, 0, "removed annotation-only {list} from the response body `allOf` list for the response status {status}") \
    X("response-body-any-of-added", SCHEMA, STRUCTURE, WIDENS, RESPONSE, 0, "added {list} to the response body `anyOf` list for the response status {status}") \
    X("response-body-any-of-removed", SCHEMA, STRUCTURE, NARROWS, RESPONSE, 0, "removed {list} from the response body `anyOf` list for the response status {status}") \
    X("response-body-became-not-nullable", SCHEMA, REQUIREDNESS, NARROWS, RESPONSE, 0, "the response's body became not nullable") \
    X("response-body-became-nullable", SCHEMA, REQUIREDNESS, WIDENS, RESPONSE, 0, "the response's body became nullable") \
    X("response-body-const-added", SCHEMA, VALUES, NARROWS, RESPONSE, 0, "the response body {media} const value {value} was added for the status {status}") \
    X("response-body-const-changed", SCHEMA, VALUES, INCOMPARABLE, RESPONSE, 0, "the response body {media} const value changed from {from} to {to} for the status {status}") \
    X("response-body-const-removed", SCHEMA, VALUES, WIDENS, RESPONSE, 0, "the response body {media} const value {value} was removed for the status {status}") \
    X("response-body-contains-added", SCHEMA, STRUCTURE, NARROWS, RESPONSE, 0, "added 'contains' constraint to the response body for the status {status}") \
    X("response-body-contains-removed", SCHEMA, STRUCTURE, WIDENS, RESPONSE, 0, "removed 'contains' constraint from the response body for the status {status}") \
    X("response-body-content-encoding-changed", RESPONSES, TYPE, INCOMPARABLE, RESPONSE, 0, "the response body contentEncoding changed from {from} to {to} for the status {status}") \
    X("response-body-content-media-type-changed", RESPONSES, TYPE, INCOMPARABLE, RESPONSE, 0, "the response body contentMediaType changed from {from} to {to} for the status {status}") \
    X("response-body-content-schema-added", SCHEMA, EXISTENCE, NARROWS, RESPONSE, 0, "added 'contentSchema' to the response body for the status {status}") \
    X("response-body-content-schema-removed", SCHEMA, EXISTENCE, WIDENS, RESPONSE, 0, "removed 'contentSchema' from the response body for the status {status}") \
    X("response-body-default-value-added", SCHEMA, VALUES, NONE, RESPONSE, 0, "the response body {media} default value {value} was added for the status {status}") \
    X("response-body-default-value-changed", SCHEMA, VALUES, NONE, RESPONSE, 0, "the response body {media} default value changed from {from} to {to} for the status {status}") \
    X("response-body-default-value-removed", SCHEMA, VALUES, NONE, RESPONSE, 0, "the response body {media} default value {value} was removed for the status {status}") \
    X("response-body-dependent-required-added", SCHEMA, STRUCTURE, NARROWS, RESPONSE, 0, "the response body dependentRequired was added for the status {status}: when {key} is present, {list} are required") \
    X("response-body-dependent-required-changed", SCHEMA, STRUCTURE, INCOMPARABLE, RESPONSE, 0, "the response body dependentRequired for {key} was updated for the status {status}: {list}") \
    X("response-body-dependent-required-removed", SCHEMA, STRUCTURE, WIDENS, RESPONSE, 0, "the response body dependentRequired was removed for the status {status}: when {key} was present, {list} were required") \
    X("response-body-dependent-schema-added", SCHEMA, STRUCTURE, NARROWS, RESPONSE, 0, "added the dependent schema {value} to the response body for the status {status}") \
    X("response-body-dependent-schema-removed", SCHEMA, STRUCTURE, WIDENS, RESPONSE, 0, "removed the dependent schema {value} from the response body for the status {status}") \
    X("response-body-discriminator-added", SCHEMA, STRUCTURE, NONE, RESPONSE, 0, "added response discriminator for the response status {status}") \
    X("response-body-discriminator-mapping-added", SCHEMA, STRUCTURE, NONE, RESPONSE, 0, "added {list} mapping keys to the response discriminator for the response status {status}") \
    X("response-body-discriminator-mapping-changed", SCHEMA, STRUCTURE, NONE, RESPONSE, 0, "mapped value for key {key} changed from {from} to {to} from the response discriminator for the response status {status}") \
    X("response-body-discriminator-mapping-deleted", SCHEMA, STRUCTURE, NONE, RESPONSE, 0, "removed {list} mapping keys from the response discriminator for the response status {status}") \
    X("response-body-discriminator-property-name-changed", SCHEMA, STRUCTURE, NONE, RESPONSE, 0, "response discriminator property name changed from {from} to {to} for the response status {status}") \
    X("response-body-discriminator-removed", SCHEMA, STRUCTURE, NONE, RESPONSE, 0, "removed response discriminator for the response status {status}") \
    X("response-body-else-added", SCHEMA, STRUCTURE, NARROWS, RESPONSE, 0, "added 'else' subschema to the response body for the status {status}") \
    X("response-body-else-removed", SCHEMA, STRUCTURE, WIDENS, RESPONSE, 0, "removed 'else' subschema from the response body for the status {status}") \
    X("response-body-exclusive-max-decreased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the response's body exclusiveMaximum was decreased from {from} to {to}") \
    X("response-body-exclusive-max-increased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the response's body exclusiveMaximum was increased from {from} to {to}") \
    X("response-body-exclusive-max-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the response's body exclusiveMaximum was set to {value}") \
    X("response-body-exclusive-max-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the response's body exclusiveMaximum was unset from {value}") \
    X("response-body-exclusive-min-decreased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the response's body exclusiveMinimum was decreased from {from} to {to}") \
    X("response-body-exclusive-min-increased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the response's body exclusiveMinimum was increased from {from} to {to}") \
    X("response-body-exclusive-min-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the response's body exclusiveMinimum was set to {value}") \
    X("response-body-exclusive-min-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the response's body exclusiveMinimum was unset from {value}") \
    X("response-body-if-added", SCHEMA, STRUCTURE, NARROWS, RESPONSE, 0, "added 'if' subschema to the response body for the status {status}") \
    X("response-body-if-removed", SCHEMA, STRUCTURE, WIDENS, RESPONSE, 0, "removed 'if' subschema from the response body for the status {status}") \
    X("response-body-list-of-types-narrowed", SCHEMA, TYPE, NARROWS, RESPONSE, 0, "response body list-of-types was narrowed by removing types {list} from media type {media} of response {status}") \
    X("response-body-list-of-types-widened", SCHEMA, TYPE, WIDENS, RESPONSE, 0, "response body list-of-types was widened by adding types {list} to media type {media} of response {status}") \
    X("response-body-max-contains-decreased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the response body maxContains was decreased from {from} to {to} for the status {status}") \
    X("response-body-max-contains-increased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the response body maxContains was increased from {from} to {to} for the status {status}") \
    X("response-body-max-contains-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the response's body maxContains was set to {value}") \
    X("response-body-max-contains-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the response's body maxContains was unset from {value}") \
    X("response-body-max-decreased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the response's body max was decreased from {from} to {to}") \
    X("response-body-max-increased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the response's body max was increased from {from} to {to}") \
    X("response-body-max-items-decreased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the response's body maxItems was decreased from {from} to {to}") \
    X("response-body-max-items-increased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the response's body maxItems was increased from {from} to {to}") \
    X("response-body-max-items-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the response's body maxItems was set to {value}") \
    X("response-body-max-items-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the response's body maxItems was unset from {value}") \
    X("response-body-max-length-decreased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the response's body maxLength was decreased from {from} to {to}") \
    X("response-body-max-length-increased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the response's body maxLength was increased from {from} to {to}") \
    X("response-body-max-length-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the response's body maxLength was set to {value}") \
    X("response-body-max-length-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the response's body maxLength was unset from {value}") \
    X("response-body-max-properties-decreased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the response's body maxProperties was decreased from {from} to {to}") \
    X("response-body-max-properties-increased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the response's body maxProperties was increased from {from} to {to}") \
    X("response-body-max-properties-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the response's body maxProperties was set to {value}") \
    X("response-body-max-properties-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the response's body maxProperties was unset from {value}") \
    X("response-body-max-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the response's body max was set to {value}") \
    X("response-body-max-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the response's body max was unset from {value}") \
    X("response-body-media-type-item-schema-added", RESPONSES, EXISTENCE, NARROWS, RESPONSE, 0, "added an item schema to the media type {media} for the response with the status {status}") \
    X("response-body-media-type-item-schema-removed", RESPONSES, EXISTENCE, WIDENS, RESPONSE, 0, "removed the item schema from the media type {media} for the response with the status {status}") \
    X("response-body-media-type-item-schema-removed-untyped", RESPONSES, EXISTENCE, WIDENS, RESPONSE, 0, "removed the item schema from the media type {media} for the response with the status {status}, leaving the body with no schema") \
    X("response-body-media-type-schema-added", RESPONSES, EXISTENCE, NARROWS, RESPONSE, 0, "added a schema to the media type {media} for the response with the status {status}") \
    X("response-body-media-type-schema-removed", RESPONSES, EXISTENCE, WIDENS, RESPONSE, 0, "removed the schema from the media type {media} for the response with the status {status}") \
    X("response-body-min-contains-decreased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the response body minContains was decreased from {from} to {to} for the status {status}") \
    X("response-body-min-contains-increased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the response body minContains was increased from {from} to {to} for the status {status}") \
    X("response-body-min-contains-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the response's body minContains was set to {value}") \
    X("response-body-min-contains-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the response's body minContains was unset from {value}") \
    X("response-body-min-decreased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the response's body min was decreased from {from} to {to}") \
    X("response-body-min-increased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the response's body min was increased from {from} to {to}") \
    X("response-body-min-items-decreased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the response's body minItems was decreased from {from} to {to}") \
    X("response-body-min-items-increased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the response's body minItems was increased from {from} to {to}") \
    X("response-body-min-items-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the response's body minItems was set to {value}") \
    X("response-body-min-items-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the response's body minItems was unset from {value}") \
    X("response-body-min-length-decreased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the response's body minLength was decreased from {from} to {to}") \
    X("response-body-min-length-increased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the response's body minLength was increased from {from} to {to}") \
    X("response-body-min-length-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the response's body minLength was set to {value}") \
    X("response-body-min-length-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the response's body minLength was unset from {value}") \
    X("response-body-min-properties-decreased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the response's body minProperties was decreased from {from} to {to}") \
    X("response-body-min-properties-increased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the response's body minProperties was increased from {from} to {to}") \
    X("response-body-min-properties-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the response's body minProperties was set to {value}") \
    X("response-body-min-properties-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the response's body minProperties was unset from {value}") \
    X("response-body-min-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the response's body min was set to {value}") \
    X("response-body-min-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the response's body min was unset from {value}") \
    X("response-body-multiple-of-changed", SCHEMA, CONSTRAINTS, INCOMPARABLE, RESPONSE, 0, "the response's body multipleOf was changed from {from} to {to}") \
    X("response-body-multiple-of-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the response's body multipleOf was set to {value}") \
    X("response-body-multiple-of-specialized", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the response's body multipleOf was specialized from {from} to {to}") \
    X("response-body-multiple-of-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the response's body multipleOf was unset from {value}") \
    X("response-body-one-of-added", SCHEMA, STRUCTURE, WIDENS, RESPONSE, 0, "added {list} to the response body `oneOf` list for the response status {status}") \
    X("response-body-one-of-removed", SCHEMA, STRUCTURE, NARROWS, RESPONSE, 0, "removed {list} from the response body `oneOf` list for the response status {status}") \
    X("response-body-pattern-added", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, GUARD_OURS, "the response's body pattern {value} was added for the status {status}") \
    X("response-body-pattern-changed", SCHEMA, CONSTRAINTS, UNKNOWN, RESPONSE, GUARD_OURS, "the response's body pattern was changed from {from} to {to} for the status {status}") \
    X("response-body-pattern-property-added", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "added the pattern property {value} to the response body for the status {status}") \
    X("response-body-pattern-property-removed", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "removed the pattern property {value} from the response body for the status {status}") \
    X("response-body-pattern-removed", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, GUARD_OURS, "the response's body pattern {value} was removed for the status {status}") \
    X("response-body-prefix-items-added", SCHEMA, STRUCTURE, UNKNOWN, RESPONSE, 0, "added {list} to the response body 'prefixItems' list for the response status {status}") \
    X("response-body-prefix-items-removed", SCHEMA, STRUCTURE, UNKNOWN, RESPONSE, 0, "removed {list} from the response body 'prefixItems' list for the response status {status}") \
    X("response-body-property-names-added", SCHEMA, STRUCTURE, NARROWS, RESPONSE, 0, "added 'propertyNames' constraint to the response body for the status {status}") \
    X("response-body-property-names-removed", SCHEMA, STRUCTURE, WIDENS, RESPONSE, 0, "removed 'propertyNames' constraint from the response body for the status {status}") \
    X("response-body-schema-became-false", SCHEMA, TYPE, NARROWS, RESPONSE, GUARD_NEGOTIATED, "the response body schema became `false`: no response body passes validation") \
    X("response-body-schema-became-not-false", SCHEMA, TYPE, WIDENS, RESPONSE, GUARD_NEGOTIATED, "the response body schema is no longer `false` and allows response bodies again") \
    X("response-body-then-added", SCHEMA, STRUCTURE, NARROWS, RESPONSE, 0, "added 'then' subschema to the response body for the status {status}") \
    X("response-body-then-removed", SCHEMA, STRUCTURE, WIDENS, RESPONSE, 0, "removed 'then' subschema from the response body for the status {status}") \
    X("response-body-type-changed", SCHEMA, TYPE, INCOMPARABLE, RESPONSE, 0, "the response's body {dimension} changed from {from} to {to} for status {status}") \
    X("response-body-type-compatible", SCHEMA, TYPE, NARROWS, RESPONSE, 0, "the response's body {dimension} changed from {from} to {to} for status {status} (backward compatible)") \
    X("response-body-type-generalized", SCHEMA, TYPE, WIDENS, RESPONSE, 0, "the response's body {dimension} was widened from {from} to {to} for status {status}") \
    X("response-body-type-specialized", SCHEMA, TYPE, NARROWS, RESPONSE, 0, "the response's body {dimension} was narrowed from {from} to {to} for status {status}") \
    X("response-body-unevaluated-items-added", SCHEMA, STRUCTURE, NARROWS, RESPONSE, 0, "added 'unevaluatedItems' constraint to the response body for the status {status}") \
    X("response-body-unevaluated-items-removed", SCHEMA, STRUCTURE, WIDENS, RESPONSE, 0, "removed 'unevaluatedItems' constraint from the response body for the status {status}") \
    X("response-body-unevaluated-properties-added", SCHEMA, STRUCTURE, NARROWS, RESPONSE, 0, "added 'unevaluatedProperties' constraint to the response body for the status {status}") \
    X("response-body-unevaluated-properties-removed", SCHEMA, STRUCTURE, WIDENS, RESPONSE, 0, "removed 'unevaluatedProperties' constraint from the response body for the status {status}") \
    X("response-body-unique-items-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the response's body uniqueItems was unset") \
    X("response-body-wrapped-in-one-of", SCHEMA, STRUCTURE, INCOMPARABLE, RESPONSE, 0, "the response body was restructured into a oneOf, so a field that was previously guaranteed may no longer be present") \
    X("response-body-wrapped-in-one-of-original-preserved", SCHEMA, STRUCTURE, UNKNOWN, RESPONSE, 0, "the response body was restructured into a oneOf, keeping the original schema as one of the alternatives") \
    X("response-header-added", HEADERS, EXISTENCE, WIDENS, RESPONSE, GUARD_NEGOTIATED, "the response header {header} was added for the status {status}") \
    X("response-header-became-not-nullable", HEADERS, REQUIREDNESS, NARROWS, RESPONSE, 0, "the response header {header} became not nullable for the status {status}") \
    X("response-header-became-nullable", HEADERS, REQUIREDNESS, WIDENS, RESPONSE, 0, "the response header {header} became nullable for the status {status}") \
    X("response-header-became-optional", HEADERS, REQUIREDNESS, WIDENS, RESPONSE, 0, "the response header {header} became optional for the status {status}") \
    X("response-header-exclusive-max-decreased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {header} response header's exclusiveMaximum was decreased from {from} to {to} for the status {status}") \
    X("response-header-exclusive-max-increased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {header} response header's exclusiveMaximum was increased from {from} to {to} for the status {status}") \
    X("response-header-exclusive-max-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {header} response header's exclusiveMaximum was set to {value} for the status {status}") \
    X("response-header-exclusive-max-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {header} response header's exclusiveMaximum was unset from {value} for the status {status}") \
    X("response-header-exclusive-min-decreased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {header} response header's exclusiveMinimum was decreased from {from} to {to} for the status {status}") \
    X("response-header-exclusive-min-increased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {header} response header's exclusiveMinimum was increased from {from} to {to} for the status {status}") \
    X("response-header-exclusive-min-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {header} response header's exclusiveMinimum was set to {value} for the status {status}") \
    X("response-header-exclusive-min-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {header} response header's exclusiveMinimum was unset from {value} for the status {status}") \
    X("response-header-max-contains-decreased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {header} response header's maxContains was decreased from {from} to {to} for the status {status}") \
    X("response-header-max-contains-increased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {header} response header's maxContains was increased from {from} to {to} for the status {status}") \
    X("response-header-max-contains-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {header} response header's maxContains was set to {value} for the status {status}") \
    X("response-header-max-contains-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {header} response header's maxContains was unset from {value} for the status {status}") \
    X("response-header-max-decreased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {header} response header's max was decreased from {from} to {to} for the status {status}") \
    X("response-header-max-increased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {header} response header's max was increased from {from} to {to} for the status {status}") \
    X("response-header-max-items-decreased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {header} response header's maxItems was decreased from {from} to {to} for the status {status}") \
    X("response-header-max-items-increased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {header} response header's maxItems was increased from {from} to {to} for the status {status}") \
    X("response-header-max-items-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {header} response header's maxItems was set to {value} for the status {status}") \
    X("response-header-max-items-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {header} response header's maxItems was unset from {value} for the status {status}") \
    X("response-header-max-length-decreased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {header} response header's maxLength was decreased from {from} to {to} for the status {status}") \
    X("response-header-max-length-increased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {header} response header's maxLength was increased from {from} to {to} for the status {status}") \
    X("response-header-max-length-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {header} response header's maxLength was set to {value} for the status {status}") \
    X("response-header-max-length-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {header} response header's maxLength was unset from {value} for the status {status}") \
    X("response-header-max-properties-decreased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {header} response header's maxProperties was decreased from {from} to {to} for the status {status}") \
    X("response-header-max-properties-increased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {header} response header's maxProperties was increased from {from} to {to} for the status {status}") \
    X("response-header-max-properties-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {header} response header's maxProperties was set to {value} for the status {status}") \
    X("response-header-max-properties-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {header} response header's maxProperties was unset from {value} for the status {status}") \
    X("response-header-max-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {header} response header's max was set to {value} for the status {status}") \
    X("response-header-max-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {header} response header's max was unset from {value} for the status {status}") \
    X("response-header-min-contains-decreased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {header} response header's minContains was decreased from {from} to {to} for the status {status}") \
    X("response-header-min-contains-increased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {header} response header's minContains was increased from {from} to {to} for the status {status}") \
    X("response-header-min-contains-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {header} response header's minContains was set to {value} for the status {status}") \
    X("response-header-min-contains-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {header} response header's minContains was unset from {value} for the status {status}") \
    X("response-header-min-decreased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {header} response header's min was decreased from {from} to {to} for the status {status}") \
    X("response-header-min-increased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {header} response header's min was increased from {from} to {to} for the status {status}") \
    X("response-header-min-items-decreased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {header} response header's minItems was decreased from {from} to {to} for the status {status}") \
    X("response-header-min-items-increased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {header} response header's minItems was increased from {from} to {to} for the status {status}") \
    X("response-header-min-items-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {header} response header's minItems was set to {value} for the status {status}") \
    X("response-header-min-items-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {header} response header's minItems was unset from {value} for the status {status}") \
    X("response-header-min-length-decreased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {header} response header's minLength was decreased from {from} to {to} for the status {status}") \
    X("response-header-min-length-increased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {header} response header's minLength was increased from {from} to {to} for the status {status}") \
    X("response-header-min-length-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {header} response header's minLength was set to {value} for the status {status}") \
    X("response-header-min-length-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {header} response header's minLength was unset from {value} for the status {status}") \
    X("response-header-min-properties-decreased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {header} response header's minProperties was decreased from {from} to {to} for the status {status}") \
    X("response-header-min-properties-increased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {header} response header's minProperties was increased from {from} to {to} for the status {status}") \
    X("response-header-min-properties-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {header} response header's minProperties was set to {value} for the status {status}") \
    X("response-header-min-properties-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {header} response header's minProperties was unset from {value} for the status {status}") \
    X("response-header-min-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {header} response header's min was set to {value} for the status {status}") \
    X("response-header-min-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {header} response header's min was unset from {value} for the status {status}") \
    X("response-header-multiple-of-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {header} response header's multipleOf was set to {value} for the status {status}") \
    X("response-header-multiple-of-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {header} response header's multipleOf was unset from {value} for the status {status}") \
    X("response-header-schema-became-false", HEADERS, TYPE, NARROWS, RESPONSE, 0, "the schema of the response header {header} became `false` for the status {status}: no value passes validation") \
    X("response-header-schema-became-not-false", HEADERS, TYPE, WIDENS, RESPONSE, 0, "the schema of the response header {header} is no longer `false` for the status {status} and allows values again") \
    X("response-header-type-changed", HEADERS, TYPE, INCOMPARABLE, RESPONSE, 0, "the {header} response header's {dimension} changed from {from} to {to} for the status {status}") \
    X("response-header-type-compatible", HEADERS, TYPE, NARROWS, RESPONSE, 0, "the {header} response header's {dimension} changed from {from} to {to} for the status {status} (backward compatible)") \
    X("response-header-type-generalized", HEADERS, TYPE, WIDENS, RESPONSE, 0, "the {header} response header's {dimension} was widened from {from} to {to} for the status {status}") \
    X("response-header-type-specialized", HEADERS, TYPE, NARROWS, RESPONSE, 0, "the {header} response header's {dimension} was narrowed from {from} to {to} for the status {status}") \
    X("response-media-type-added", RESPONSES, EXISTENCE, WIDENS, RESPONSE, GUARD_NEGOTIATED, "added the media type {media} for the response with the status {status}") \
    X("response-media-type-name-changed", RESPONSES, TYPE, UNKNOWN, RESPONSE, 0, "media type {from} was changed to {to} for the response status {status}") \
    X("response-media-type-name-generalized", RESPONSES, TYPE, WIDENS, RESPONSE, 0, "media type {from} was changed to a more general media type {to} for the response status {status}") \
    X("response-media-type-name-specialized", RESPONSES, TYPE, NARROWS, RESPONSE, 0, "media type {from} was changed to a more specific media type {to} for the response status {status}") \
    X("response-media-type-parameter-added", RESPONSES, TYPE, NARROWS, RESPONSE, 0, "the media type parameter {key} was added to {media} for the response status {status}") \
    X("response-media-type-parameter-changed", RESPONSES, TYPE, INCOMPARABLE, RESPONSE, 0, "the media type parameter {key} of {media} was changed from {from} to {to} for the response status {status}") \
    X("response-media-type-parameter-removed", RESPONSES, TYPE, WIDENS, RESPONSE, 0, "the media type parameter {key} was removed from {media} for the response status {status}") \
    X("response-media-type-removed", RESPONSES, EXISTENCE, NARROWS, RESPONSE, GUARD_NEGOTIATED, "removed the media type {media} for the response with the status {status}") \
    X("response-mediatype-became-enum", SCHEMA, VALUES, NARROWS, RESPONSE, 0, "the response schema {media} for the response status {status} was restricted to a list of enum values") \
    X("response-mediatype-became-not-enum", SCHEMA, VALUES, WIDENS, RESPONSE, 0, "removed the enum constraint from the response schema {media} for the response status {status}") \
    X("response-mediatype-enum-value-added", SCHEMA, VALUES, WIDENS, RESPONSE, 0, "added the new {value} enum value to the response schema {media} for the response status {status}") \
    X("response-mediatype-enum-value-removed", SCHEMA, VALUES, NARROWS, RESPONSE, 0, "response schema {media} enum value removed {value}") \
    X("response-non-success-status-added", RESPONSES, EXISTENCE, WIDENS, RESPONSE, GUARD_NEGOTIATED | GUARD_NON_SUCCESS, "added the non-success response with the status {status}") \
    X("response-non-success-status-removed", RESPONSES, EXISTENCE, NARROWS, RESPONSE, GUARD_NEGOTIATED | GUARD_NON_SUCCESS, "removed the non-success response with the status {status}") \
    X("response-optional-property-added", SCHEMA, EXISTENCE, NONE, RESPONSE, 0, "added the optional property {prop} to the response with the {status} status") \
    X("response-optional-property-became-not-read-only", SCHEMA, MUTABILITY, NONE, RESPONSE, GUARD_READ_ONLY, "the response optional property {prop} became not read-only for the status {status}") \
    X("response-optional-property-became-not-write-only", SCHEMA, MUTABILITY, NONE, RESPONSE, GUARD_WRITE_ONLY, "the response optional property {prop} became not write-only for the status {status}") \
    X("response-optional-property-became-read-only", SCHEMA, MUTABILITY, NONE, RESPONSE, GUARD_READ_ONLY, "the response optional property {prop} became read-only for the status {status}") \
    X("response-optional-property-became-write-only", SCHEMA, MUTABILITY, NONE, RESPONSE, GUARD_WRITE_ONLY, "the response optional property {prop} became write-only for the status {status}") \
    X("response-optional-property-removed", SCHEMA, EXISTENCE, NONE, RESPONSE, 0, "removed the optional property {prop} from the response with the {status} status") \
    X("response-optional-write-only-property-added", SCHEMA, EXISTENCE, NONE, RESPONSE, GUARD_WRITE_ONLY, "added the optional write-only property {prop} to the response with the {status} status") \
    X("response-optional-write-only-property-removed", SCHEMA, EXISTENCE, NONE, RESPONSE, GUARD_WRITE_ONLY, "removed the optional write-only property {prop} from the response with the {status} status") \
    X("response-property-all-of-added", SCHEMA, STRUCTURE, NARROWS, RESPONSE, 0, "added {list} to the {prop} response property `allOf` list for the response status {status}") \
    X("response-property-all-of-added-annotation-only", SCHEMA, STRUCTURE, NONE, RESPONSE, 0, "added annotation-only {list} to the {prop} response property `allOf` list for the response status {status}") \
    X("response-property-all-of-removed", SCHEMA, STRUCTURE, WIDENS, RESPONSE, 0, "removed {list} from the {prop} response property `allOf` list for the response status {status}") \
    X("response-property-all-of-removed-annotation-only", SCHEMA, STRUCTURE, NONE, RESPONSE, 0, "removed annotation-only {list} from the {prop} response property `allOf` list for the response status {status}") \
    X("response-property-any-of-added", SCHEMA, STRUCTURE, WIDENS, RESPONSE, 0, "added {list} to the {prop} response property `anyOf` list for the response status {status}") \
    X("response-property-any-of-removed", SCHEMA, STRUCTURE, NARROWS, RESPONSE, 0, "removed {list} from the {prop} response property `anyOf` list for the response status {status}") \
    X("response-property-became-enum", SCHEMA, VALUES, NARROWS, RESPONSE, 0, "the {prop} response property for the response status {value} was restricted to a list of enum values") \
    X("response-property-became-not-enum", SCHEMA, VALUES, WIDENS, RESPONSE, 0, "removed the enum constraint from the {prop} response property for the response status {status}") \
    X("response-property-became-not-nullable", SCHEMA, REQUIREDNESS, NARROWS, RESPONSE, 0, "the response property {prop} became not nullable for the status {status}") \
    X("response-property-became-nullable", SCHEMA, REQUIREDNESS, WIDENS, RESPONSE, 0, "the response property {prop} became nullable for the status {status}") \
    X("response-property-became-optional", SCHEMA, REQUIREDNESS, WIDENS, RESPONSE, 0, "the response property {prop} became optional for the status {status}") \
    X("response-property-became-required", SCHEMA, REQUIREDNESS, NARROWS, RESPONSE, 0, "the response property {prop} became required for the status {status}") \
    X("response-property-const-added", SCHEMA, VALUES, NARROWS, RESPONSE, 0, "the {bare} response property const value {value} was added for the status {status}") \
    X("response-property-const-changed", SCHEMA, VALUES, INCOMPARABLE, RESPONSE, 0, "the {bare} response property const value changed from {from} to {to} for the status {status}") \
    X("response-property-const-removed", SCHEMA, VALUES, WIDENS, RESPONSE, 0, "the {bare} response property const value {value} was removed for the status {status}") \
    X("response-property-contains-added", SCHEMA, STRUCTURE, NARROWS, RESPONSE, 0, "added 'contains' constraint to the {prop} response property for the status {status}") \
    X("response-property-contains-removed", SCHEMA, STRUCTURE, WIDENS, RESPONSE, 0, "removed 'contains' constraint from the {prop} response property for the status {status}") \
    X("response-property-content-encoding-changed", SCHEMA, TYPE, INCOMPARABLE, RESPONSE, 0, "the {prop} response property contentEncoding changed from {from} to {to} for the status {status}") \
    X("response-property-content-media-type-changed", SCHEMA, TYPE, INCOMPARABLE, RESPONSE, 0, "the {prop} response property contentMediaType changed from {from} to {to} for the status {status}") \
    X("response-property-content-schema-added", SCHEMA, EXISTENCE, NARROWS, RESPONSE, 0, "added 'contentSchema' to the {prop} response property for the status {status}") \
    X("response-property-content-schema-removed", SCHEMA, EXISTENCE, WIDENS, RESPONSE, 0, "removed 'contentSchema' from the {prop} response property for the status {status}") \
    X("response-property-default-value-added", SCHEMA, VALUES, NONE, RESPONSE, 0, "the {bare} response's property default value {value} was added for the status {status}") \
    X("response-property-default-value-changed", SCHEMA, VALUES, NONE, RESPONSE, 0, "the {bare} response's property default value changed from {from} to {to} for the status {status}") \
    X("response-property-default-value-removed", SCHEMA, VALUES, NONE, RESPONSE, 0, "the {bare} response's property default value {value} was removed for the status {status}") \
    X("response-property-dependent-required-added", SCHEMA, STRUCTURE, NARROWS, RESPONSE, 0, "the {prop} response property dependentRequired was added for the status {status}: when {key} is present, {list} are required") \
    X("response-property-dependent-required-changed", SCHEMA, STRUCTURE, INCOMPARABLE, RESPONSE, 0, "the {prop} response property dependentRequired for {key} was updated for the status {status}: {list}") \
    X("response-property-dependent-required-removed", SCHEMA, STRUCTURE, WIDENS, RESPONSE, 0, "the {prop} response property dependentRequired was removed for the status {status}: when {key} was present, {list} were required") \
    X("response-property-dependent-schema-added", SCHEMA, STRUCTURE, NARROWS, RESPONSE, 0, "added the dependent schema {value} to the {prop} response property for the status {status}") \
    X("response-property-dependent-schema-removed", SCHEMA, STRUCTURE, WIDENS, RESPONSE, 0, "removed the dependent schema {value} from the {prop} response property for the status {status}") \
    X("response-property-deprecated", SCHEMA, LIFECYCLE, NONE, RESPONSE, 0, "response property {prop} deprecated") \
    X("response-property-deprecated-sunset-invalid", SCHEMA, LIFECYCLE, VIOLATION, RESPONSE, 0, "response property {prop} deprecated with invalid sunset date: {value}") \
    X("response-property-deprecated-sunset-missing", SCHEMA, LIFECYCLE, VIOLATION, RESPONSE, 0, "response property {prop} deprecated without sunset date") \
    X("response-property-deprecated-with-sunset", SCHEMA, LIFECYCLE, NONE, RESPONSE, 0, "response property {prop} deprecated with sunset date {date}") \
    X("response-property-discriminator-added", SCHEMA, STRUCTURE, NONE, RESPONSE, 0, "added discriminator to {prop} response property for the response status {status}") \
    X("response-property-discriminator-mapping-added", SCHEMA, STRUCTURE, NONE, RESPONSE, 0, "added {list} discriminator mapping keys to the {prop} response property for the response status {status}") \
    X("response-property-discriminator-mapping-changed", SCHEMA, STRUCTURE, NONE, RESPONSE, 0, "mapped value for discriminator key {key} changed from {from} to {to} for {prop} response property for the response status {status}") \
    X("response-property-discriminator-mapping-deleted", SCHEMA, STRUCTURE, NONE, RESPONSE, 0, "removed {list} discriminator mapping keys from the {prop} response property for the response status {status}") \
    X("response-property-discriminator-property-name-changed", SCHEMA, STRUCTURE, NONE, RESPONSE, 0, "response discriminator property name changed for {prop} response property from {from} to {to} for the response status {status}") \
    X("response-property-discriminator-removed", SCHEMA, STRUCTURE, NONE, RESPONSE, 0, "removed discriminator from {prop} response property for the response status {status}") \
    X("response-property-else-added", SCHEMA, STRUCTURE, NARROWS, RESPONSE, 0, "added 'else' subschema to the {prop} response property for the status {status}") \
    X("response-property-else-removed", SCHEMA, STRUCTURE, WIDENS, RESPONSE, 0, "removed 'else' subschema from the {prop} response property for the status {status}") \
    X("response-property-enum-value-added", SCHEMA, VALUES, WIDENS, RESPONSE, 0, "added the new {value} enum value to the {prop} response property for the response status {status}") \
    X("response-property-enum-value-removed", SCHEMA, VALUES, NARROWS, RESPONSE, 0, "removed the {value} enum value from the {prop} response property for the response status {status}") \
    X("response-property-exclusive-max-decreased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {prop} response property's exclusiveMaximum was decreased from {from} to {to} for the response status {status}") \
    X("response-property-exclusive-max-increased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {prop} response property's exclusiveMaximum was increased from {from} to {to} for the response status {status}") \
    X("response-property-exclusive-max-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {prop} response property's exclusiveMaximum was set to {value} for the response status {status}") \
    X("response-property-exclusive-max-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {prop} response property's exclusiveMaximum was unset from {value} for the response status {status}") \
    X("response-property-exclusive-min-decreased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {prop} response property's exclusiveMinimum was decreased from {from} to {to} for the response status {status}") \
    X("response-property-exclusive-min-increased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {prop} response property's exclusiveMinimum was increased from {from} to {to} for the response status {status}") \
    X("response-property-exclusive-min-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {prop} response property's exclusiveMinimum was set to {value} for the response status {status}") \
    X("response-property-exclusive-min-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {prop} response property's exclusiveMinimum was unset from {value} for the response status {status}") \
    X("response-property-if-added", SCHEMA, STRUCTURE, NARROWS, RESPONSE, 0, "added 'if' subschema to the {prop} response property for the status {status}") \
    X("response-property-if-removed", SCHEMA, STRUCTURE, WIDENS, RESPONSE, 0, "removed 'if' subschema from the {prop} response property for the status {status}") \
    X("response-property-list-of-types-narrowed", SCHEMA, TYPE, NARROWS, RESPONSE, 0, "response property {prop} list-of-types was narrowed by removing types {list} from media type {media} of response {status}") \
    X("response-property-list-of-types-widened", SCHEMA, TYPE, WIDENS, RESPONSE, 0, "response property {prop} list-of-types was widened by adding types {list} to media type {media} of response {status}") \
    X("response-property-max-contains-decreased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {prop} response property maxContains was decreased from {from} to {to} for the status {status}") \
    X("response-property-max-contains-increased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {prop} response property maxContains was increased from {from} to {to} for the status {status}") \
    X("response-property-max-contains-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {prop} response property's maxContains was set to {value} for the response status {status}") \
    X("response-property-max-contains-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {prop} response property's maxContains was unset from {value} for the response status {status}") \
    X("response-property-max-decreased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {prop} response property's max was decreased from {from} to {to} for the response status {status}") \
    X("response-property-max-increased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {prop} response property's max was increased from {from} to {to} for the response status {status}") \
    X("response-property-max-items-decreased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {prop} response property's maxItems was decreased from {from} to {to} for the response status {status}") \
    X("response-property-max-items-increased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {prop} response property's maxItems was increased from {from} to {to} for the response status {status}") \
    X("response-property-max-items-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {prop} response property's maxItems was set to {value} for the response status {status}") \
    X("response-property-max-items-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {prop} response property's maxItems was unset from {value} for the response status {status}") \
    X("response-property-max-length-decreased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {prop} response property's maxLength was decreased from {from} to {to} for the response status {status}") \
    X("response-property-max-length-increased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {prop} response property's maxLength was increased from {from} to {to} for the response status {status}") \
    X("response-property-max-length-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {prop} response property's maxLength was set to {value} for the response status {status}") \
    X("response-property-max-length-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {prop} response property's maxLength was unset from {value} for the response status {status}") \
    X("response-property-max-properties-decreased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {prop} response property's maxProperties was decreased from {from} to {to} for the response status {status}") \
    X("response-property-max-properties-increased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {prop} response property's maxProperties was increased from {from} to {to} for the response status {status}") \
    X("response-property-max-properties-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {prop} response property's maxProperties was set to {value} for the response status {status}") \
    X("response-property-max-properties-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {prop} response property's maxProperties was unset from {value} for the response status {status}") \
    X("response-property-max-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {prop} response property's max was set to {value} for the response status {status}") \
    X("response-property-max-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {prop} response property's max was unset from {value} for the response status {status}") \
    X("response-property-min-contains-decreased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {prop} response property minContains was decreased from {from} to {to} for the status {status}") \
    X("response-property-min-contains-increased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {prop} response property minContains was increased from {from} to {to} for the status {status}") \
    X("response-property-min-contains-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {prop} response property's minContains was set to {value} for the response status {status}") \
    X("response-property-min-contains-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {prop} response property's minContains was unset from {value} for the response status {status}") \
    X("response-property-min-decreased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {prop} response property's min was decreased from {from} to {to} for the response status {status}") \
    X("response-property-min-increased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {prop} response property's min was increased from {from} to {to} for the response status {status}") \
    X("response-property-min-items-decreased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {prop} response property's minItems was decreased from {from} to {to} for the response status {status}") \
    X("response-property-min-items-increased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {prop} response property's minItems was increased from {from} to {to} for the response status {status}") \
    X("response-property-min-items-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {prop} response property's minItems was set to {value} for the response status {status}") \
    X("response-property-min-items-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {prop} response property's minItems was unset from {value} for the response status {status}") \
    X("response-property-min-length-decreased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {prop} response property's minLength was decreased from {from} to {to} for the response status {status}") \
    X("response-property-min-length-increased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {prop} response property's minLength was increased from {from} to {to} for the response status {status}") \
    X("response-property-min-length-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {prop} response property's minLength was set to {value} for the response status {status}") \
    X("response-property-min-length-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {prop} response property's minLength was unset from {value} for the response status {status}") \
    X("response-property-min-properties-decreased", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {prop} response property's minProperties was decreased from {from} to {to} for the response status {status}") \
    X("response-property-min-properties-increased", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {prop} response property's minProperties was increased from {from} to {to} for the response status {status}") \
    X("response-property-min-properties-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {prop} response property's minProperties was set to {value} for the response status {status}") \
    X("response-property-min-properties-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {prop} response property's minProperties was unset from {value} for the response status {status}") \
    X("response-property-min-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {prop} response property's min was set to {value} for the response status {status}") \
    X("response-property-min-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {prop} response property's min was unset from {value} for the response status {status}") \
    X("response-property-multiple-of-changed", SCHEMA, CONSTRAINTS, INCOMPARABLE, RESPONSE, 0, "the {prop} response property's multipleOf was changed from {from} to {to} for the response status {status}") \
    X("response-property-multiple-of-set", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {prop} response property's multipleOf was set to {value} for the response status {status}") \
    X("response-property-multiple-of-specialized", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {prop} response property's multipleOf was specialized from {from} to {to} for the response status {status}") \
    X("response-property-multiple-of-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {prop} response property's multipleOf was unset from {value} for the response status {status}") \
    X("response-property-one-of-added", SCHEMA, STRUCTURE, WIDENS, RESPONSE, 0, "added {list} to the {prop} response property `oneOf` list for the response status {status}") \
    X("response-property-one-of-removed", SCHEMA, STRUCTURE, NARROWS, RESPONSE, 0, "removed {list} from the {prop} response property `oneOf` list for the response status {status}") \
    X("response-property-pattern-added", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "the {prop} response's property pattern {value} was added for the status {status}") \
    X("response-property-pattern-changed", SCHEMA, CONSTRAINTS, UNKNOWN, RESPONSE, 0, "the {prop} response's property pattern was changed from {from} to {to} for the status {status}") \
    X("response-property-pattern-property-added", SCHEMA, CONSTRAINTS, NARROWS, RESPONSE, 0, "added the pattern property {value} to the {prop} response property for the status {status}") \
    X("response-property-pattern-property-removed", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "removed the pattern property {value} from the {prop} response property for the status {status}") \
    X("response-property-pattern-removed", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {prop} response's property pattern {value} was removed for the status {status}") \
    X("response-property-prefix-items-added", SCHEMA, STRUCTURE, UNKNOWN, RESPONSE, 0, "added {list} to the {prop} response property 'prefixItems' list for the response status {status}") \
    X("response-property-prefix-items-removed", SCHEMA, STRUCTURE, UNKNOWN, RESPONSE, 0, "removed {list} from the {prop} response property 'prefixItems' list for the response status {status}") \
    X("response-property-property-names-added", SCHEMA, STRUCTURE, NARROWS, RESPONSE, 0, "added 'propertyNames' constraint to the {prop} response property for the status {status}") \
    X("response-property-property-names-removed", SCHEMA, STRUCTURE, WIDENS, RESPONSE, 0, "removed 'propertyNames' constraint from the {prop} response property for the status {status}") \
    X("response-property-reactivated", SCHEMA, LIFECYCLE, NONE, RESPONSE, 0, "response property {prop} reactivated") \
    X("response-property-schema-became-false", SCHEMA, TYPE, NARROWS, RESPONSE, 0, "the schema of the response property {prop} became `false` for the status {value}: no value passes validation") \
    X("response-property-schema-became-not-false", SCHEMA, TYPE, WIDENS, RESPONSE, 0, "the schema of the response property {prop} is no longer `false` for the status {value} and allows values again") \
    X("response-property-stability-decreased", SCHEMA, LIFECYCLE, VIOLATION, RESPONSE, 0, "response property {prop} stability level decreased from {from} to {to}") \
    X("response-property-stability-increased", SCHEMA, LIFECYCLE, NONE, RESPONSE, 0, "response property {prop} stability level increased from {from} to {to}") \
    X("response-property-sunset-date-too-small", SCHEMA, LIFECYCLE, VIOLATION, RESPONSE, 0, "response property {prop} sunset date {date} is too small, must be at least {days} days from now") \
    X("response-property-then-added", SCHEMA, STRUCTURE, NARROWS, RESPONSE, 0, "added 'then' subschema to the {prop} response property for the status {status}") \
    X("response-property-then-removed", SCHEMA, STRUCTURE, WIDENS, RESPONSE, 0, "removed 'then' subschema from the {prop} response property for the status {status}") \
    X("response-property-type-changed", SCHEMA, TYPE, INCOMPARABLE, RESPONSE, 0, "the {prop} response's property {dimension} changed from {from} to {to} for status {status}") \
    X("response-property-type-compatible", SCHEMA, TYPE, NARROWS, RESPONSE, 0, "the {prop} response's property {dimension} changed from {from} to {to} for status {status} (backward compatible)") \
    X("response-property-type-generalized", SCHEMA, TYPE, WIDENS, RESPONSE, 0, "the {prop} response's property {dimension} was widened from {from} to {to} for status {status}") \
    X("response-property-type-specialized", SCHEMA, TYPE, NARROWS, RESPONSE, 0, "the {prop} response's property {dimension} was narrowed from {from} to {to} for status {status}") \
    X("response-property-unevaluated-items-added", SCHEMA, STRUCTURE, NARROWS, RESPONSE, 0, "added 'unevaluatedItems' constraint to the {prop} response property for the status {status}") \
    X("response-property-unevaluated-items-removed", SCHEMA, STRUCTURE, WIDENS, RESPONSE, 0, "removed 'unevaluatedItems' constraint from the {prop} response property for the status {status}") \
    X("response-property-unevaluated-properties-added", SCHEMA, STRUCTURE, NARROWS, RESPONSE, 0, "added 'unevaluatedProperties' constraint to the {prop} response property for the status {status}") \
    X("response-property-unevaluated-properties-removed", SCHEMA, STRUCTURE, WIDENS, RESPONSE, 0, "removed 'unevaluatedProperties' constraint from the {prop} response property for the status {status}") \
    X("response-property-unique-items-unset", SCHEMA, CONSTRAINTS, WIDENS, RESPONSE, 0, "the {prop} response property's uniqueItems was unset for the response status {status}") \
    X("response-required-property-added", SCHEMA, EXISTENCE, NARROWS, RESPONSE, 0, "added the required property {prop} to the response with the {status} status") \
    X("response-required-property-became-not-read-only", SCHEMA, MUTABILITY, NONE, RESPONSE, GUARD_READ_ONLY, "the response required property {prop} became not read-only for the status {status}") \
    X("response-required-property-became-not-write-only", SCHEMA, MUTABILITY, NARROWS, RESPONSE, 0, "the response required property {prop} became not write-only for the status {status}") \
    X("response-required-property-became-read-only", SCHEMA, MUTABILITY, NONE, RESPONSE, GUARD_READ_ONLY, "the response required property {prop} became read-only for the status {status}") \
    X("response-required-property-became-write-only", SCHEMA, MUTABILITY, WIDENS, RESPONSE, 0, "the response required property {prop} became write-only for the status {status}") \
    X("response-required-property-removed", SCHEMA, EXISTENCE, WIDENS, RESPONSE, 0, "removed the required property {prop} from the response with the {status} status") \
    X("response-required-property-removed-before-sunset", SCHEMA, EXISTENCE, VIOLATION, RESPONSE, 0, "removed the required property {prop} from the response with the {status} status before the sunset date {date}") \
    X("response-required-property-removed-with-deprecation", SCHEMA, EXISTENCE, WIDENS, RESPONSE, GUARD_SANCTIONED, "removed the deprecated required property {prop} from the response with the {status} status") \
    X("response-required-write-only-property-added", SCHEMA, EXISTENCE, NARROWS, RESPONSE, GUARD_WRITE_ONLY, "added the required write-only property {prop} to the response with the {status} status") \
    X("response-required-write-only-property-removed", SCHEMA, EXISTENCE, NONE, RESPONSE, GUARD_WRITE_ONLY, "removed the required write-only property {prop} from the response with the {status} status") \
    X("response-success-status-added", RESPONSES, EXISTENCE, WIDENS, RESPONSE, GUARD_NEGOTIATED, "added the success response with the status {status}") \
    X("response-success-status-removed", RESPONSES, EXISTENCE, NARROWS, RESPONSE, GUARD_NEGOTIATED, "removed the success response with the status {status}") \
    X("response-write-only-property-became-optional", SCHEMA, REQUIREDNESS, WIDENS, RESPONSE, GUARD_WRITE_ONLY, "the response write-only property {prop} became optional for the status {status}") \
    X("response-write-only-property-became-required", SCHEMA, REQUIREDNESS, NARROWS, RESPONSE, GUARD_WRITE_ONLY, "the response write-only property {prop} became required for the status {status}") \
    X("response-write-only-property-enum-value-added", SCHEMA, VALUES, WIDENS, RESPONSE, GUARD_WRITE_ONLY, "added the new {value} enum value to the {prop} response write-only property for the response status {status}")
/* clang-format on */

#endif
