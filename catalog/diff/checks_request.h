/* Checks of what callers send: rows of DIFF_CHECKS (checks.h). */
#ifndef CHANCERY_DIFF_CHECKS_REQUEST_H
#define CHANCERY_DIFF_CHECKS_REQUEST_H

/* clang-format off */
#define DIFF_CHECKS_REQUEST(X) \
    X("request-body-added-optional", REQUEST_BODY, EXISTENCE, NONE, REQUEST, 0, "added optional request body") \
    X("request-body-added-required", REQUEST_BODY, EXISTENCE, NARROWS, REQUEST, 0, "added required request body") \
    X("request-body-all-of-added", SCHEMA, STRUCTURE, NARROWS, REQUEST, 0, "added {list} to the request body `allOf` list") \
    X("request-body-all-of-added-annotation-only", SCHEMA, STRUCTURE, NONE, REQUEST, 0, "added annotation-only {list} to the request body `allOf` list") \
    X("request-body-all-of-removed", SCHEMA, STRUCTURE, WIDENS, REQUEST, 0, "removed {list} from the request body `allOf` list") \
    X("request-body-all-of-removed-annotation-only", SCHEMA, STRUCTURE, NONE, REQUEST, 0, "removed annotation-only {list} from the request body `allOf` list") \
    X("request-body-any-of-added", SCHEMA, STRUCTURE, WIDENS, REQUEST, 0, "added {list} to the request body `anyOf` list") \
    X("request-body-any-of-removed", SCHEMA, STRUCTURE, NARROWS, REQUEST, 0, "removed {list} from the request body `anyOf` list") \
    X("request-body-became-enum", SCHEMA, VALUES, NARROWS, REQUEST, 0, "request body was restricted to a list of enum values") \
    X("request-body-became-not-enum", SCHEMA, VALUES, WIDENS, REQUEST, 0, "removed the enum constraint from the request body") \
    X("request-body-became-not-nullable", SCHEMA, REQUIREDNESS, NARROWS, REQUEST, 0, "the request's body became not nullable") \
    X("request-body-became-nullable", SCHEMA, REQUIREDNESS, WIDENS, REQUEST, 0, "the request's body became nullable") \
    X("request-body-became-optional", REQUEST_BODY, REQUIREDNESS, WIDENS, REQUEST, 0, "request body became optional") \
    X("request-body-became-required", REQUEST_BODY, REQUIREDNESS, NARROWS, REQUEST, 0, "request body became required") \
    X("request-body-const-added", SCHEMA, VALUES, NARROWS, REQUEST, 0, "the request body {media} const value {value} was added") \
    X("request-body-const-changed", SCHEMA, VALUES, INCOMPARABLE, REQUEST, 0, "the request body {media} const value changed from {from} to {to}") \
    X("request-body-const-removed", SCHEMA, VALUES, WIDENS, REQUEST, 0, "the request body {media} const value {value} was removed") \
    X("request-body-contains-added", SCHEMA, STRUCTURE, NARROWS, REQUEST, 0, "added 'contains' constraint to the request body") \
    X("request-body-contains-removed", SCHEMA, STRUCTURE, WIDENS, REQUEST, 0, "removed 'contains' constraint from the request body") \
    X("request-body-content-encoding-changed", REQUEST_BODY, TYPE, INCOMPARABLE, REQUEST, 0, "the request body contentEncoding changed from {from} to {to}") \
    X("request-body-content-media-type-changed", REQUEST_BODY, TYPE, INCOMPARABLE, REQUEST, 0, "the request body contentMediaType changed from {from} to {to}") \
    X("request-body-content-schema-added", SCHEMA, EXISTENCE, NARROWS, REQUEST, 0, "added 'contentSchema' to the request body") \
    X("request-body-content-schema-removed", SCHEMA, EXISTENCE, WIDENS, REQUEST, 0, "removed 'contentSchema' from the request body") \
    X("request-body-default-value-added", SCHEMA, VALUES, NONE, REQUEST, 0, "the request body {media} default value {value} was added") \
    X("request-body-default-value-changed", SCHEMA, VALUES, NONE, REQUEST, 0, "the request body {media} default value changed from {from} to {to}") \
    X("request-body-default-value-removed", SCHEMA, VALUES, NONE, REQUEST, 0, "the request body {media} default value {value} was removed") \
    X("request-body-dependent-required-added", SCHEMA, STRUCTURE, NARROWS, REQUEST, 0, "the request body dependentRequired was added: when {key} is present, {list} are required") \
    X("request-body-dependent-required-changed", SCHEMA, STRUCTURE, INCOMPARABLE, REQUEST, 0, "the request body dependentRequired for {key} was updated: {list}") \
    X("request-body-dependent-required-removed", SCHEMA, STRUCTURE, WIDENS, REQUEST, 0, "the request body dependentRequired was removed: when {key} was present, {list} were required") \
    X("request-body-dependent-schema-added", SCHEMA, STRUCTURE, NARROWS, REQUEST, 0, "added the dependent schema {value} to the request body") \
    X("request-body-dependent-schema-removed", SCHEMA, STRUCTURE, WIDENS, REQUEST, 0, "removed the dependent schema {value} from the request body") \
    X("request-body-discriminator-added", SCHEMA, STRUCTURE, NONE, REQUEST, 0, "added request discriminator") \
    X("request-body-discriminator-mapping-added", SCHEMA, STRUCTURE, NONE, REQUEST, 0, "added {list} mapping keys to the request discriminator") \
    X("request-body-discriminator-mapping-changed", SCHEMA, STRUCTURE, NONE, REQUEST, 0, "mapped value for key {key} changed from {from} to {to} from the request discriminator") \
    X("request-body-discriminator-mapping-deleted", SCHEMA, STRUCTURE, NONE, REQUEST, 0, "removed {list} mapping keys from the request discriminator") \
    X("request-body-discriminator-property-name-changed", SCHEMA, STRUCTURE, NONE, REQUEST, 0, "request discriminator property name changed from {from} to {to}") \
    X("request-body-discriminator-removed", SCHEMA, STRUCTURE, NONE, REQUEST, 0, "removed request discriminator") \
    X("request-body-else-added", SCHEMA, STRUCTURE, NARROWS, REQUEST, 0, "added 'else' subschema to the request body") \
    X("request-body-else-removed", SCHEMA, STRUCTURE, WIDENS, REQUEST, 0, "removed 'else' subschema from the request body") \
    X("request-body-enum-value-added", SCHEMA, VALUES, WIDENS, REQUEST, 0, "request body enum value added {value}") \
    X("request-body-enum-value-removed", SCHEMA, VALUES, NARROWS, REQUEST, 0, "request body enum value removed {value}") \
    X("request-body-exclusive-max-decreased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the request's body exclusiveMaximum was decreased to {value}") \
    X("request-body-exclusive-max-increased", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the request's body exclusiveMaximum was increased from {from} to {to}") \
    X("request-body-exclusive-max-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the request's body exclusiveMaximum was set to {value}") \
    X("request-body-exclusive-max-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the request's body exclusiveMaximum was unset from {value}") \
    X("request-body-exclusive-min-decreased", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the request's body exclusiveMinimum was decreased from {from} to {to}") \
    X("request-body-exclusive-min-increased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the request's body exclusiveMinimum was increased to {value}") \
    X("request-body-exclusive-min-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the request's body exclusiveMinimum was set to {value}") \
    X("request-body-exclusive-min-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the request's body exclusiveMinimum was unset from {value}") \
    X("request-body-if-added", SCHEMA, STRUCTURE, NARROWS, REQUEST, 0, "added 'if' subschema to the request body") \
    X("request-body-if-removed", SCHEMA, STRUCTURE, WIDENS, REQUEST, 0, "removed 'if' subschema from the request body") \
    X("request-body-list-of-types-narrowed", SCHEMA, TYPE, NARROWS, REQUEST, 0, "request body list-of-types was narrowed by removing types {list} from media type {media}") \
    X("request-body-list-of-types-widened", SCHEMA, TYPE, WIDENS, REQUEST, 0, "request body list-of-types was widened by adding types {list} to media type {media}") \
    X("request-body-max-contains-decreased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the request body maxContains was decreased from {from} to {to}") \
    X("request-body-max-contains-increased", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the request body maxContains was increased from {from} to {to}") \
    X("request-body-max-contains-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the request's body maxContains was set to {value}") \
    X("request-body-max-contains-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the request's body maxContains was unset from {value}") \
    X("request-body-max-decreased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the request's body max was decreased to {value}") \
    X("request-body-max-increased", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the request's body max was increased from {from} to {to}") \
    X("request-body-max-items-decreased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the request's body maxItems was decreased to {value}") \
    X("request-body-max-items-increased", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the request's body maxItems was increased from {from} to {to}") \
    X("request-body-max-items-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the request's body maxItems was set to {value}") \
    X("request-body-max-items-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the request's body maxItems was unset from {value}") \
    X("request-body-max-length-decreased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the request's body maxLength was decreased to {value}") \
    X("request-body-max-length-increased", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the request's body maxLength was increased from {from} to {to}") \
    X("request-body-max-length-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the request's body maxLength was set to {value}") \
    X("request-body-max-length-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the request's body maxLength was unset from {value}") \
    X("request-body-max-properties-decreased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the request's body maxProperties was decreased to {value}") \
    X("request-body-max-properties-increased", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the request's body maxProperties was increased from {from} to {to}") \
    X("request-body-max-properties-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the request's body maxProperties was set to {value}") \
    X("request-body-max-properties-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the request's body maxProperties was unset from {value}") \
    X("request-body-max-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the request's body max was set to {value}") \
    X("request-body-max-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the request's body max was unset from {value}") \
    X("request-body-media-type-added", REQUEST_BODY, EXISTENCE, WIDENS, REQUEST, 0, "added the media type {media} to the request body") \
    X("request-body-media-type-item-schema-added", REQUEST_BODY, EXISTENCE, NARROWS, REQUEST, 0, "added an item schema to the media type {media} of the request body") \
    X("request-body-media-type-item-schema-removed", REQUEST_BODY, EXISTENCE, WIDENS, REQUEST, 0, "removed the item schema from the media type {media} of the request body") \
    X("request-body-media-type-removed", REQUEST_BODY, EXISTENCE, NARROWS, REQUEST, 0, "removed the media type {media} from the request body") \
    X("request-body-media-type-schema-added", REQUEST_BODY, EXISTENCE, NARROWS, REQUEST, 0, "added a schema to the media type {media} of the request body") \
    X("request-body-media-type-schema-removed", REQUEST_BODY, EXISTENCE, WIDENS, REQUEST, 0, "removed the schema from the media type {media} of the request body") \
    X("request-body-min-contains-decreased", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the request body minContains was decreased from {from} to {to}") \
    X("request-body-min-contains-increased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the request body minContains was increased from {from} to {to}") \
    X("request-body-min-contains-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the request's body minContains was set to {value}") \
    X("request-body-min-contains-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the request's body minContains was unset from {value}") \
    X("request-body-min-decreased", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the request's body min was decreased to from {from} to {to}") \
    X("request-body-min-increased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the request's body min was increased to {value}") \
    X("request-body-min-items-decreased", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the request's body minItems was decreased from {from} to {to}") \
    X("request-body-min-items-increased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the request's body minItems was increased to {value}") \
    X("request-body-min-items-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the request's body minItems was set to {value}") \
    X("request-body-min-items-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the request's body minItems was unset from {value}") \
    X("request-body-min-length-decreased", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the request's body minLength was decreased from {from} to {to}") \
    X("request-body-min-length-increased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the request's body minLength was increased from {from} to {to}") \
    X("request-body-min-length-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the request's body minLength was set to {value}") \
    X("request-body-min-length-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the request's body minLength was unset from {value}") \
    X("request-body-min-properties-decreased", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the request's body minProperties was decreased from {from} to {to}") \
    X("request-body-min-properties-increased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the request's body minProperties was increased to {value}") \
    X("request-body-min-properties-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the request's body minProperties was set to {value}") \
    X("request-body-min-properties-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the request's body minProperties was unset from {value}") \
    X("request-body-min-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the request's body min was set to {value}") \
    X("request-body-min-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the request's body min was unset from {value}") \
    X("request-body-multiple-of-changed", SCHEMA, CONSTRAINTS, INCOMPARABLE, REQUEST, 0, "the request's body multipleOf was changed from {from} to {to}") \
    X("request-body-multiple-of-generalized", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the request's body multipleOf was generalized from {from} to {to}") \
    X("request-body-multiple-of-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the request's body multipleOf was set to {value}") \
    X("request-body-multiple-of-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the request's body multipleOf was unset from {value}") \
    X("request-body-one-of-added", SCHEMA, STRUCTURE, WIDENS, REQUEST, 0, "added {list} to the request body `oneOf` list") \
    X("request-body-one-of-removed", SCHEMA, STRUCTURE, NARROWS, REQUEST, 0, "removed {list} from the request body `oneOf` list") \
    X("request-body-pattern-added", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, GUARD_OURS, "added the pattern {value} to the request body") \
    X("request-body-pattern-changed", SCHEMA, CONSTRAINTS, UNKNOWN, REQUEST, GUARD_OURS, "changed the pattern of the request body from {from} to {to}") \
    X("request-body-pattern-generalized", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, GUARD_OURS, "changed the pattern of the request body from {from} to a more general pattern {to}") \
    X("request-body-pattern-property-added", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "added the pattern property {value} to the request body") \
    X("request-body-pattern-property-removed", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "removed the pattern property {value} from the request body") \
    X("request-body-pattern-removed", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, GUARD_OURS, "removed the pattern {value} from the request body") \
    X("request-body-prefix-items-added", SCHEMA, STRUCTURE, UNKNOWN, REQUEST, 0, "added {list} to the request body 'prefixItems' list") \
    X("request-body-prefix-items-removed", SCHEMA, STRUCTURE, UNKNOWN, REQUEST, 0, "removed {list} from the request body 'prefixItems' list") \
    X("request-body-property-names-added", SCHEMA, STRUCTURE, NARROWS, REQUEST, 0, "added 'propertyNames' constraint to the request body") \
    X("request-body-property-names-removed", SCHEMA, STRUCTURE, WIDENS, REQUEST, 0, "removed 'propertyNames' constraint from the request body") \
    X("request-body-removed", REQUEST_BODY, EXISTENCE, NARROWS, REQUEST, 0, "removed the request body") \
    X("request-body-schema-became-false", SCHEMA, TYPE, NARROWS, REQUEST, 0, "the request body schema became `false`: no request body passes validation") \
    X("request-body-schema-became-not-false", SCHEMA, TYPE, WIDENS, REQUEST, 0, "the request body schema is no longer `false` and accepts request bodies again") \
    X("request-body-then-added", SCHEMA, STRUCTURE, NARROWS, REQUEST, 0, "added 'then' subschema to the request body") \
    X("request-body-then-removed", SCHEMA, STRUCTURE, WIDENS, REQUEST, 0, "removed 'then' subschema from the request body") \
    X("request-body-type-changed", SCHEMA, TYPE, INCOMPARABLE, REQUEST, 0, "the request's body {dimension} changed from {from} to {to}") \
    X("request-body-type-compatible", SCHEMA, TYPE, WIDENS, REQUEST, 0, "the request's body {dimension} changed from {from} to {to} (backward compatible)") \
    X("request-body-type-generalized", SCHEMA, TYPE, WIDENS, REQUEST, 0, "the request's body {dimension} was widened from {from} to {to}") \
    X("request-body-unevaluated-items-added", SCHEMA, STRUCTURE, NARROWS, REQUEST, 0, "added 'unevaluatedItems' constraint to the request body") \
    X("request-body-unevaluated-items-removed", SCHEMA, STRUCTURE, WIDENS, REQUEST, 0, "removed 'unevaluatedItems' constraint from the request body") \
    X("request-body-unevaluated-properties-added", SCHEMA, STRUCTURE, NARROWS, REQUEST, 0, "added 'unevaluatedProperties' constraint to the request body") \
    X("request-body-unevaluated-properties-removed", SCHEMA, STRUCTURE, WIDENS, REQUEST, 0, "removed 'unevaluatedProperties' constraint from the request body") \
    X("request-body-unique-items-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the request's body uniqueItems was set to true") \
    X("request-body-unique-items-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the request's body uniqueItems was unset") \
    X("request-body-wrapped-in-one-of", SCHEMA, STRUCTURE, INCOMPARABLE, REQUEST, 0, "the request body was restructured into a oneOf, so a payload that was previously valid may no longer be accepted") \
    X("request-body-wrapped-in-one-of-original-preserved", SCHEMA, STRUCTURE, UNKNOWN, REQUEST, 0, "the request body was restructured into a oneOf, keeping the original schema as one of the alternatives") \
    X("request-header-property-became-enum", PARAMETERS, VALUES, NARROWS, REQUEST, 0, "the {param} request header's property {prop} was restricted to a list of enum values") \
    X("request-header-property-became-required", PARAMETERS, REQUIREDNESS, NARROWS, REQUEST, 0, "the {param} request header's property {prop} became required") \
    X("request-optional-property-became-not-read-only", SCHEMA, MUTABILITY, WIDENS, REQUEST, 0, "the request optional property {prop} became not read-only") \
    X("request-optional-property-became-not-write-only", SCHEMA, MUTABILITY, NONE, REQUEST, GUARD_WRITE_ONLY, "the request optional property {prop} became not write-only") \
    X("request-optional-property-became-read-only", SCHEMA, MUTABILITY, UNKNOWN, REQUEST, 0, "the request optional property {prop} became read-only") \
    X("request-optional-property-became-write-only", SCHEMA, MUTABILITY, NONE, REQUEST, GUARD_WRITE_ONLY, "the request optional property {prop} became write-only") \
    X("request-parameter-became-enum", PARAMETERS, VALUES, NARROWS, REQUEST, 0, "the {in} request parameter {param} was restricted to a list of enum values") \
    X("request-parameter-became-not-enum", PARAMETERS, VALUES, WIDENS, REQUEST, 0, "removed the enum constraint from the {in} request parameter {param}") \
    X("request-parameter-became-not-nullable", PARAMETERS, REQUIREDNESS, NARROWS, REQUEST, 0, "the {in} request parameter {param} became not nullable") \
    X("request-parameter-became-nullable", PARAMETERS, REQUIREDNESS, WIDENS, REQUEST, 0, "the {in} request parameter {param} became nullable") \
    X("request-parameter-became-optional", PARAMETERS, REQUIREDNESS, WIDENS, REQUEST, 0, "the {in} request parameter {param} became optional") \
    X("request-parameter-became-required", PARAMETERS, REQUIREDNESS, NARROWS, REQUEST, 0, "the {in} request parameter {param} became required") \
    X("request-parameter-default-value-added", PARAMETERS, VALUES, NONE, REQUEST, 0, "for the {in} request parameter {param}, default value {value} was added") \
    X("request-parameter-default-value-changed", PARAMETERS, VALUES, NONE, REQUEST, 0, "for the {in} request parameter {param}, default value was changed from {from} to {to}") \
    X("request-parameter-default-value-removed", PARAMETERS, VALUES, NONE, REQUEST, 0, "for the {in} request parameter {param}, default value {value} was removed") \
    X("request-parameter-deprecated", PARAMETERS, LIFECYCLE, NONE, REQUEST, 0, "{in} request parameter {param} was deprecated") \
    X("request-parameter-deprecated-sunset-missing", PARAMETERS, LIFECYCLE, VIOLATION, REQUEST, 0, "{in} request parameter {param} was deprecated without sunset date") \
    X("request-parameter-enum-value-added", PARAMETERS, VALUES, WIDENS, REQUEST, 0, "added the new enum value {value} to the {in} request parameter {param}") \
    X("request-parameter-enum-value-removed", PARAMETERS, VALUES, NARROWS, REQUEST, 0, "removed the enum value {value} from the {in} request parameter {param}") \
    X("request-parameter-exclusive-max-decreased", PARAMETERS, CONSTRAINTS, NARROWS, REQUEST, 0, "for the {in} request parameter {param}, the exclusiveMaximum was decreased from {from} to {to}") \
    X("request-parameter-exclusive-max-increased", PARAMETERS, CONSTRAINTS, WIDENS, REQUEST, 0, "for the {in} request parameter {param}, the exclusiveMaximum was increased from {from} to {to}") \
    X("request-parameter-exclusive-max-set", PARAMETERS, CONSTRAINTS, NARROWS, REQUEST, 0, "for the {in} request parameter {param}, the exclusiveMaximum was set to {value}") \
    X("request-parameter-exclusive-max-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "for the {in} request parameter {param}, the exclusiveMaximum was unset from {value}") \
    X("request-parameter-exclusive-min-decreased", PARAMETERS, CONSTRAINTS, WIDENS, REQUEST, 0, "for the {in} request parameter {param}, the exclusiveMinimum was decreased from {from} to {to}") \
    X("request-parameter-exclusive-min-increased", PARAMETERS, CONSTRAINTS, NARROWS, REQUEST, 0, "for the {in} request parameter {param}, the exclusiveMinimum was increased from {from} to {to}") \
    X("request-parameter-exclusive-min-set", PARAMETERS, CONSTRAINTS, NARROWS, REQUEST, 0, "for the {in} request parameter {param}, the exclusiveMinimum was set to {value}") \
    X("request-parameter-exclusive-min-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "for the {in} request parameter {param}, the exclusiveMinimum was unset from {value}") \
    X("request-parameter-list-of-types-narrowed", PARAMETERS, TYPE, NARROWS, REQUEST, 0, "{in} request parameter {param} list-of-types was narrowed by removing types {list}") \
    X("request-parameter-list-of-types-widened", PARAMETERS, TYPE, WIDENS, REQUEST, 0, "{in} request parameter {param} list-of-types was widened by adding types {list}") \
    X("request-parameter-max-contains-decreased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "for the {in} request parameter {param}, the maxContains was decreased from {from} to {to}") \
    X("request-parameter-max-contains-increased", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "for the {in} request parameter {param}, the maxContains was increased from {from} to {to}") \
    X("request-parameter-max-contains-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "for the {in} request parameter {param}, the maxContains was set to {value}") \
    X("request-parameter-max-contains-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "for the {in} request parameter {param}, the maxContains was unset from {value}") \
    X("request-parameter-max-decreased", PARAMETERS, CONSTRAINTS, NARROWS, REQUEST, 0, "for the {in} request parameter {param}, the max was decreased from {from} to {to}") \
    X("request-parameter-max-increased", PARAMETERS, CONSTRAINTS, WIDENS, REQUEST, 0, "for the {in} request parameter {param}, the max was increased from {from} to {to}") \
    X("request-parameter-max-items-decreased", PARAMETERS, CONSTRAINTS, NARROWS, REQUEST, 0, "for the {in} request parameter {param}, the maxItems was decreased from {from} to {to}") \
    X("request-parameter-max-items-increased", PARAMETERS, CONSTRAINTS, WIDENS, REQUEST, 0, "for the {in} request parameter {param}, the maxItems was increased from {from} to {to}") \
    X("request-parameter-max-items-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "for the {in} request parameter {param}, the maxItems was set to {value}") \
    X("request-parameter-max-items-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "for the {in} request parameter {param}, the maxItems was unset from {value}") \
    X("request-parameter-max-length-decreased", PARAMETERS, CONSTRAINTS, NARROWS, REQUEST, 0, "for the {in} request parameter {param}, the maxLength was decreased from {from} to {to}") \
    X("request-parameter-max-length-increased", PARAMETERS, CONSTRAINTS, WIDENS, REQUEST, 0, "for the {in} request parameter {param}, the maxLength was increased from {from} to {to}") \
    X("request-parameter-max-length-set", PARAMETERS, CONSTRAINTS, NARROWS, REQUEST, 0, "for the {in} request parameter {param}, the maxLength was set to {value}") \
    X("request-parameter-max-length-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "for the {in} request parameter {param}, the maxLength was unset from {value}") \
    X("request-parameter-max-properties-decreased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "for the {in} request parameter {param}, the maxProperties was decreased from {from} to {to}") \
    X("request-parameter-max-properties-increased", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "for the {in} request parameter {param}, the maxProperties was increased from {from} to {to}") \
    X("request-parameter-max-properties-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "for the {in} request parameter {param}, the maxProperties was set to {value}") \
    X("request-parameter-max-properties-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "for the {in} request parameter {param}, the maxProperties was unset from {value}") \
    X("request-parameter-max-set", PARAMETERS, CONSTRAINTS, NARROWS, REQUEST, 0, "for the {in} request parameter {param}, the max was set to {value}") \
    X("request-parameter-max-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "for the {in} request parameter {param}, the max was unset from {value}") \
    X("request-parameter-min-contains-decreased", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "for the {in} request parameter {param}, the minContains was decreased from {from} to {to}") \
    X("request-parameter-min-contains-increased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "for the {in} request parameter {param}, the minContains was increased from {from} to {to}") \
    X("request-parameter-min-contains-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "for the {in} request parameter {param}, the minContains was set to {value}") \
    X("request-parameter-min-contains-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "for the {in} request parameter {param}, the minContains was unset from {value}") \
    X("request-parameter-min-decreased", PARAMETERS, CONSTRAINTS, WIDENS, REQUEST, 0, "for the {in} request parameter {param}, the min was decreased from {from} to {to}") \
    X("request-parameter-min-increased", PARAMETERS, CONSTRAINTS, NARROWS, REQUEST, 0, "for the {in} request parameter {param}, the min was increased from {from} to {to}") \
    X("request-parameter-min-items-decreased", PARAMETERS, CONSTRAINTS, WIDENS, REQUEST, 0, "for the {in} request parameter {param}, the minItems was decreased from {from} to {to}") \
    X("request-parameter-min-items-increased", PARAMETERS, CONSTRAINTS, NARROWS, REQUEST, 0, "for the {in} request parameter {param}, the minItems was increased from {from} to {to}") \
    X("request-parameter-min-items-set", PARAMETERS, CONSTRAINTS, NARROWS, REQUEST, 0, "for the {in} request parameter {param}, the minItems was set to {value}") \
    X("request-parameter-min-items-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "for the {in} request parameter {param}, the minItems was unset from {value}") \
    X("request-parameter-min-length-decreased", PARAMETERS, CONSTRAINTS, WIDENS, REQUEST, 0, "for the {in} request parameter {param}, the minLength was decreased from {from} to {to}") \
    X("request-parameter-min-length-increased", PARAMETERS, CONSTRAINTS, NARROWS, REQUEST, 0, "for the {in} request parameter {param}, the minLength was increased from {from} to {to}") \
    X("request-parameter-min-length-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "for the {in} request parameter {param}, the minLength was set to {value}") \
    X("request-parameter-min-length-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "for the {in} request parameter {param}, the minLength was unset from {value}") \
    X("request-parameter-min-properties-decreased", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "for the {in} request parameter {param}, the minProperties was decreased from {from} to {to}") \
    X("request-parameter-min-properties-increased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "for the {in} request parameter {param}, the minProperties was increased from {from} to {to}") \
    X("request-parameter-min-properties-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "for the {in} request parameter {param}, the minProperties was set to {value}") \
    X("request-parameter-min-properties-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "for the {in} request parameter {param}, the minProperties was unset from {value}") \
    X("request-parameter-min-set", PARAMETERS, CONSTRAINTS, NARROWS, REQUEST, 0, "for the {in} request parameter {param}, the min was set to {value}") \
    X("request-parameter-min-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "for the {in} request parameter {param}, the min was unset from {value}") \
    X("request-parameter-multiple-of-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "for the {in} request parameter {param}, the multipleOf was set to {value}") \
    X("request-parameter-multiple-of-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "for the {in} request parameter {param}, the multipleOf was unset from {value}") \
    X("request-parameter-pattern-added", PARAMETERS, CONSTRAINTS, NARROWS, REQUEST, 0, "added the pattern {value} to the {in} request parameter {param}") \
    X("request-parameter-pattern-changed", PARAMETERS, CONSTRAINTS, UNKNOWN, REQUEST, 0, "changed the pattern of the {in} request parameter {param} from {from} to {to}") \
    X("request-parameter-pattern-generalized", PARAMETERS, CONSTRAINTS, WIDENS, REQUEST, 0, "changed the pattern of the {in} request parameter {param} from {from} to a more general pattern {to}") \
    X("request-parameter-pattern-removed", PARAMETERS, CONSTRAINTS, WIDENS, REQUEST, 0, "removed the pattern {value} from the {in} request parameter {param}") \
    X("request-parameter-property-became-not-enum", PARAMETERS, VALUES, WIDENS, REQUEST, 0, "removed the enum constraint from the property {prop} of the {in} request parameter {param}") \
    X("request-parameter-property-became-not-nullable", PARAMETERS, REQUIREDNESS, NARROWS, REQUEST, 0, "the {prop} property of the {in} request parameter {param} became not nullable") \
    X("request-parameter-property-became-nullable", PARAMETERS, REQUIREDNESS, WIDENS, REQUEST, 0, "the {prop} property of the {in} request parameter {param} became nullable") \
    X("request-parameter-property-enum-value-added", PARAMETERS, VALUES, WIDENS, REQUEST, 0, "added the enum value {value} to the property {prop} of the {in} request parameter {param}") \
    X("request-parameter-property-enum-value-removed", PARAMETERS, VALUES, NARROWS, REQUEST, 0, "removed the enum value {value} from the property {prop} of the {in} request parameter {param}") \
    X("request-parameter-property-list-of-types-narrowed", PARAMETERS, TYPE, NARROWS, REQUEST, 0, "property {prop} of {in} request parameter {param} list-of-types was narrowed by removing types {list}") \
    X("request-parameter-property-list-of-types-widened", PARAMETERS, TYPE, WIDENS, REQUEST, 0, "property {prop} of {in} request parameter {param} list-of-types was widened by adding types {list}") \
    X("request-parameter-property-schema-became-false", PARAMETERS, TYPE, NARROWS, REQUEST, 0, "the schema of the {prop} property of the {in} request parameter {param} became `false`: no value passes validation") \
    X("request-parameter-property-schema-became-not-false", PARAMETERS, TYPE, WIDENS, REQUEST, 0, "the schema of the {prop} property of the {in} request parameter {param} is no longer `false` and accepts values again") \
    X("request-parameter-property-type-changed", PARAMETERS, TYPE, UNKNOWN, REQUEST, 0, "for the {in} request parameter {param}, the {dimension} of property {prop} was changed from {from} to {to}") \
    X("request-parameter-property-type-generalized", PARAMETERS, TYPE, WIDENS, REQUEST, 0, "for the {in} request parameter {param}, the {dimension} of property {prop} was widened from {from} to {to}") \
    X("request-parameter-property-type-specialized", PARAMETERS, TYPE, NARROWS, REQUEST, 0, "for the {in} request parameter {param}, the {dimension} of property {prop} was narrowed from {from} to {to}") \
    X("request-parameter-reactivated", PARAMETERS, LIFECYCLE, NONE, REQUEST, 0, "{in} request parameter {param} was reactivated") \
    X("request-parameter-removed", PARAMETERS, EXISTENCE, UNKNOWN, REQUEST, 0, "deleted the {in} request parameter {param}") \
    X("request-parameter-removed-before-sunset", PARAMETERS, EXISTENCE, VIOLATION, REQUEST, 0, "deleted the {in} request parameter {param} before the sunset date {date}") \
    X("request-parameter-removed-with-deprecation", PARAMETERS, EXISTENCE, WIDENS, REQUEST, GUARD_SANCTIONED, "deleted the {in} request parameter {param} with deprecation") \
    X("request-parameter-schema-became-false", PARAMETERS, TYPE, NARROWS, REQUEST, 0, "the schema of the {in} request parameter {param} became `false`: no value passes validation") \
    X("request-parameter-schema-became-not-false", PARAMETERS, TYPE, WIDENS, REQUEST, 0, "the schema of the {in} request parameter {param} is no longer `false` and accepts values again") \
    X("request-parameter-sunset-date-changed-too-small", PARAMETERS, LIFECYCLE, VIOLATION, REQUEST, 0, "{in} request parameter {param} sunset date changed to an earlier date, from {from} to {to}, new sunset date must be not earlier than {from} and at least {days} days from now") \
    X("request-parameter-sunset-date-too-small", PARAMETERS, LIFECYCLE, VIOLATION, REQUEST, 0, "{in} request parameter {param} sunset date {date} is too small, must be at least {days} days from now") \
    X("request-parameter-sunset-deleted", PARAMETERS, LIFECYCLE, VIOLATION, REQUEST, 0, "{in} request parameter {param} sunset date deleted, but deprecated=true kept") \
    X("request-parameter-sunset-parse", PARAMETERS, LIFECYCLE, VIOLATION, REQUEST, 0, "failed to parse sunset date for the {in} request parameter {param}: {value}") \
    X("request-parameter-type-changed", PARAMETERS, TYPE, INCOMPARABLE, REQUEST, 0, "for the {in} request parameter {param}, the {dimension} was changed from {from} to {to}") \
    X("request-parameter-type-generalized", PARAMETERS, TYPE, WIDENS, REQUEST, 0, "for the {in} request parameter {param}, the {dimension} was widened from {from} to {to}") \
    X("request-parameter-x-extensible-enum-value-removed", PARAMETERS, VALUES, NARROWS, REQUEST, 0, "removed the x-extensible-enum value {value} from the {in} request parameter {param}") \
    X("request-property-all-of-added", SCHEMA, STRUCTURE, NARROWS, REQUEST, 0, "added {list} to the {prop} request property `allOf` list") \
    X("request-property-all-of-added-annotation-only", SCHEMA, STRUCTURE, NONE, REQUEST, 0, "added annotation-only {list} to the {prop} request property `allOf` list") \
    X("request-property-all-of-removed", SCHEMA, STRUCTURE, WIDENS, REQUEST, 0, "removed {list} from the {prop} request property `allOf` list") \
    X("request-property-all-of-removed-annotation-only", SCHEMA, STRUCTURE, NONE, REQUEST, 0, "removed annotation-only {list} from the {prop} request property `allOf` list") \
    X("request-property-any-of-added", SCHEMA, STRUCTURE, WIDENS, REQUEST, 0, "added {list} to the {prop} request property `anyOf` list") \
    X("request-property-any-of-removed", SCHEMA, STRUCTURE, NARROWS, REQUEST, 0, "removed {list} from the {prop} request property `anyOf` list") \
    X("request-property-became-enum", SCHEMA, VALUES, NARROWS, REQUEST, 0, "request property {prop} was restricted to a list of enum values") \
    X("request-property-became-not-enum", SCHEMA, VALUES, WIDENS, REQUEST, 0, "removed the enum constraint from the request property {prop}") \
    X("request-property-became-not-nullable", SCHEMA, REQUIREDNESS, NARROWS, REQUEST, 0, "the request property {prop} became not nullable") \
    X("request-property-became-nullable", SCHEMA, REQUIREDNESS, WIDENS, REQUEST, 0, "the request property {prop} became nullable") \
    X("request-property-became-optional", SCHEMA, REQUIREDNESS, WIDENS, REQUEST, 0, "the request property {prop} became optional") \
    X("request-property-became-required", SCHEMA, REQUIREDNESS, NARROWS, REQUEST, 0, "the request property {prop} became required") \
    X("request-property-became-required-with-default", SCHEMA, REQUIREDNESS, NARROWS, REQUEST, GUARD_HAS_DEFAULT, "the request property {prop} with a default value became required") \
    X("request-property-const-added", SCHEMA, VALUES, NARROWS, REQUEST, 0, "the {bare} request property const value {value} was added") \
    X("request-property-const-changed", SCHEMA, VALUES, INCOMPARABLE, REQUEST, 0, "the {bare} request property const value changed from {from} to {to}") \
    X("request-property-const-removed", SCHEMA, VALUES, WIDENS, REQUEST, 0, "the {bare} request property const value {value} was removed") \
    X("request-property-contains-added", SCHEMA, STRUCTURE, NARROWS, REQUEST, 0, "added 'contains' constraint to the request property {prop}") \
    X("request-property-contains-removed", SCHEMA, STRUCTURE, WIDENS, REQUEST, 0, "removed 'contains' constraint from the request property {prop}") \
    X("request-property-content-encoding-changed", SCHEMA, TYPE, INCOMPARABLE, REQUEST, 0, "the {prop} request property contentEncoding changed from {from} to {to}") \
    X("request-property-content-media-type-changed", SCHEMA, TYPE, INCOMPARABLE, REQUEST, 0, "the {prop} request property contentMediaType changed from {from} to {to}") \
    X("request-property-content-schema-added", SCHEMA, EXISTENCE, NARROWS, REQUEST, 0, "added 'contentSchema' to the request property {prop}") \
    X("request-property-content-schema-removed", SCHEMA, EXISTENCE, WIDENS, REQUEST, 0, "removed 'contentSchema' from the request property {prop}") \
    X("request-property-default-value-added", SCHEMA, VALUES, NONE, REQUEST, 0, "the {bare} request property default value {value} was added") \
    X("request-property-default-value-changed", SCHEMA, VALUES, NONE, REQUEST, 0, "the {bare} request property default value changed from {from} to {to}") \
    X("request-property-default-value-removed", SCHEMA, VALUES, NONE, REQUEST, 0, "the {bare} request property default value {value} was removed") \
    X("request-property-dependent-required-added", SCHEMA, STRUCTURE, NARROWS, REQUEST, 0, "the {prop} request property dependentRequired was added: when {key} is present, {list} are required") \
    X("request-property-dependent-required-changed", SCHEMA, STRUCTURE, INCOMPARABLE, REQUEST, 0, "the {prop} request property dependentRequired for {key} was updated: {list}") \
    X("request-property-dependent-required-removed", SCHEMA, STRUCTURE, WIDENS, REQUEST, 0, "the {prop} request property dependentRequired was removed: when {key} was present, {list} were required") \
    X("request-property-dependent-schema-added", SCHEMA, STRUCTURE, NARROWS, REQUEST, 0, "added the dependent schema {value} to the {prop} request property") \
    X("request-property-dependent-schema-removed", SCHEMA, STRUCTURE, WIDENS, REQUEST, 0, "removed the dependent schema {value} from the {prop} request property") \
    X("request-property-deprecated", SCHEMA, LIFECYCLE, NONE, REQUEST, 0, "request property {prop} deprecated") \
    X("request-property-deprecated-sunset-invalid", SCHEMA, LIFECYCLE, VIOLATION, REQUEST, 0, "request property {prop} deprecated with invalid sunset date: {value}") \
    X("request-property-deprecated-sunset-missing", SCHEMA, LIFECYCLE, VIOLATION, REQUEST, 0, "request property {prop} deprecated without sunset date") \
    X("request-property-deprecated-with-sunset", SCHEMA, LIFECYCLE, NONE, REQUEST, 0, "request property {prop} deprecated with sunset date {date}") \
    X("request-property-discriminator-added", SCHEMA, STRUCTURE, NONE, REQUEST, 0, "added discriminator to {prop} request property") \
    X("request-property-discriminator-mapping-added", SCHEMA, STRUCTURE, NONE, REQUEST, 0, "added {list} discriminator mapping keys to the {prop} request property") \
    X("request-property-discriminator-mapping-changed", SCHEMA, STRUCTURE, NONE, REQUEST, 0, "mapped value for discriminator key {key} changed from {from} to {to} for {prop} request property") \
    X("request-property-discriminator-mapping-deleted", SCHEMA, STRUCTURE, NONE, REQUEST, 0, "removed {list} discriminator mapping keys from the {prop} request property") \
    X("request-property-discriminator-property-name-changed", SCHEMA, STRUCTURE, NONE, REQUEST, 0, "request discriminator property name changed for {prop} request property from {from} to {to}") \
    X("request-property-discriminator-removed", SCHEMA, STRUCTURE, NONE, REQUEST, 0, "removed discriminator from {prop} request property") \
    X("request-property-else-added", SCHEMA, STRUCTURE, NARROWS, REQUEST, 0, "added 'else' subschema to the request property {prop}") \
    X("request-property-else-removed", SCHEMA, STRUCTURE, WIDENS, REQUEST, 0, "removed 'else' subschema from the request property {prop}") \
    X("request-property-enum-value-added", SCHEMA, VALUES, WIDENS, REQUEST, 0, "added the new {value} enum value to the request property {prop}") \
    X("request-property-enum-value-removed", SCHEMA, VALUES, NARROWS, REQUEST, 0, "removed the enum value {value} of the request property {prop}") \
    X("request-property-exclusive-max-decreased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the {prop} request property's exclusiveMaximum was decreased to {value}") \
    X("request-property-exclusive-max-increased", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the {prop} request property's exclusiveMaximum was increased from {from} to {to}") \
    X("request-property-exclusive-max-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the {prop} request property's exclusiveMaximum was set to {value}") \
    X("request-property-exclusive-max-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the {prop} request property's exclusiveMaximum was unset from {value}") \
    X("request-property-exclusive-min-decreased", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the {prop} request property's exclusiveMinimum was decreased from {from} to {to}") \
    X("request-property-exclusive-min-increased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the {prop} request property's exclusiveMinimum was increased to {value}") \
    X("request-property-exclusive-min-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the {prop} request property's exclusiveMinimum was set to {value}") \
    X("request-property-exclusive-min-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the {prop} request property's exclusiveMinimum was unset from {value}") \
    X("request-property-if-added", SCHEMA, STRUCTURE, NARROWS, REQUEST, 0, "added 'if' subschema to the request property {prop}") \
    X("request-property-if-removed", SCHEMA, STRUCTURE, WIDENS, REQUEST, 0, "removed 'if' subschema from the request property {prop}") \
    X("request-property-list-of-types-narrowed", SCHEMA, TYPE, NARROWS, REQUEST, 0, "request property {prop} list-of-types was narrowed by removing types {list} from media type {media}") \
    X("request-property-list-of-types-widened", SCHEMA, TYPE, WIDENS, REQUEST, 0, "request property {prop} list-of-types was widened by adding types {list} to media type {media}") \
    X("request-property-max-contains-decreased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the {prop} request property maxContains was decreased from {from} to {to}") \
    X("request-property-max-contains-increased", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the {prop} request property maxContains was increased from {from} to {to}") \
    X("request-property-max-contains-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the {prop} request property's maxContains was set to {value}") \
    X("request-property-max-contains-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the {prop} request property's maxContains was unset from {value}") \
    X("request-property-max-decreased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the {prop} request property's max was decreased to {value}") \
    X("request-property-max-increased", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the {prop} request property's max was increased from {from} to {to}") \
    X("request-property-max-items-decreased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the {prop} request property's maxItems was decreased to {value}") \
    X("request-property-max-items-increased", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the {prop} request property's maxItems was increased from {from} to {to}") \
    X("request-property-max-items-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the {prop} request property's maxItems was set to {value}") \
    X("request-property-max-items-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the {prop} request property's maxItems was unset from {value}") \
    X("request-property-max-length-decreased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the {prop} request property's maxLength was decreased to {value}") \
    X("request-property-max-length-increased", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the {prop} request property's maxLength was increased from {from} to {to}") \
    X("request-property-max-length-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the {prop} request property's maxLength was set to {value}") \
    X("request-property-max-length-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the {prop} request property's maxLength was unset from {value}") \
    X("request-property-max-properties-decreased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the {prop} request property's maxProperties was decreased to {value}") \
    X("request-property-max-properties-increased", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the {prop} request property's maxProperties was increased from {from} to {to}") \
    X("request-property-max-properties-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the {prop} request property's maxProperties was set to {value}") \
    X("request-property-max-properties-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the {prop} request property's maxProperties was unset from {value}") \
    X("request-property-max-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the {prop} request property's max was set to {value}") \
    X("request-property-max-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the {prop} request property's max was unset from {value}") \
    X("request-property-min-contains-decreased", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the {prop} request property minContains was decreased from {from} to {to}") \
    X("request-property-min-contains-increased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the {prop} request property minContains was increased from {from} to {to}") \
    X("request-property-min-contains-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the {prop} request property's minContains was set to {value}") \
    X("request-property-min-contains-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the {prop} request property's minContains was unset from {value}") \
    X("request-property-min-decreased", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the {prop} request property's min was decreased from {from} to {to}") \
    X("request-property-min-increased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the {prop} request property's min was increased to {value}") \
    X("request-property-min-items-decreased", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the {prop} request property's minItems was decreased from {from} to {to}") \
    X("request-property-min-items-increased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the {prop} request property's minItems was increased to {value}") \
    X("request-property-min-items-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the {prop} request property's minItems was set to {value}") \
    X("request-property-min-items-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the {prop} request property's minItems was unset from {value}") \
    X("request-property-min-length-decreased", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the {prop} request property's minLength was decreased from {from} to {to}") \
    X("request-property-min-length-increased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the {prop} request property's minLength was increased from {from} to {to}") \
    X("request-property-min-length-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the {prop} request property's minLength was set to {value}") \
    X("request-property-min-length-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the {prop} request property's minLength was unset from {value}") \
    X("request-property-min-properties-decreased", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the {prop} request property's minProperties was decreased from {from} to {to}") \
    X("request-property-min-properties-increased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the {prop} request property's minProperties was increased to {value}") \
    X("request-property-min-properties-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the {prop} request property's minProperties was set to {value}") \
    X("request-property-min-properties-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the {prop} request property's minProperties was unset from {value}") \
    X("request-property-min-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the {prop} request property's min was set to {value}") \
    X("request-property-min-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the {prop} request property's min was unset from {value}") \
    X("request-property-multiple-of-changed", SCHEMA, CONSTRAINTS, INCOMPARABLE, REQUEST, 0, "the {prop} request property's multipleOf was changed from {from} to {to}") \
    X("request-property-multiple-of-generalized", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the {prop} request property's multipleOf was generalized from {from} to {to}") \
    X("request-property-multiple-of-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the {prop} request property's multipleOf was set to {value}") \
    X("request-property-multiple-of-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the {prop} request property's multipleOf was unset from {value}") \
    X("request-property-one-of-added", SCHEMA, STRUCTURE, WIDENS, REQUEST, 0, "added {list} to the {prop} request property `oneOf` list") \
    X("request-property-one-of-removed", SCHEMA, STRUCTURE, NARROWS, REQUEST, 0, "removed {list} from the {prop} request property `oneOf` list") \
    X("request-property-pattern-added", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "added the pattern {value} to the request property {prop}") \
    X("request-property-pattern-changed", SCHEMA, CONSTRAINTS, UNKNOWN, REQUEST, 0, "changed the pattern of the request property {prop} from {from} to {to}") \
    X("request-property-pattern-generalized", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "changed the pattern of the request property {prop} from {from} to a more general pattern {to}") \
    X("request-property-pattern-property-added", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "added the pattern property {value} to the {prop} request property") \
    X("request-property-pattern-property-removed", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "removed the pattern property {value} from the {prop} request property") \
    X("request-property-pattern-removed", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "removed the pattern {value} from the request property {prop}") \
    X("request-property-prefix-items-added", SCHEMA, STRUCTURE, UNKNOWN, REQUEST, 0, "added {list} to the {prop} request property 'prefixItems' list") \
    X("request-property-prefix-items-removed", SCHEMA, STRUCTURE, UNKNOWN, REQUEST, 0, "removed {list} from the {prop} request property 'prefixItems' list") \
    X("request-property-property-names-added", SCHEMA, STRUCTURE, NARROWS, REQUEST, 0, "added 'propertyNames' constraint to the request property {prop}") \
    X("request-property-property-names-removed", SCHEMA, STRUCTURE, WIDENS, REQUEST, 0, "removed 'propertyNames' constraint from the request property {prop}") \
    X("request-property-reactivated", SCHEMA, LIFECYCLE, NONE, REQUEST, 0, "request property {prop} reactivated") \
    X("request-property-removed", SCHEMA, EXISTENCE, UNKNOWN, REQUEST, 0, "removed the request property {prop}") \
    X("request-property-removed-before-sunset", SCHEMA, EXISTENCE, VIOLATION, REQUEST, 0, "removed the request property {prop} before the sunset date {date}") \
    X("request-property-removed-with-deprecation", SCHEMA, EXISTENCE, UNKNOWN, REQUEST, GUARD_SANCTIONED, "removed the deprecated request property {prop}") \
    X("request-property-schema-became-false", SCHEMA, TYPE, NARROWS, REQUEST, 0, "the schema of the request property {prop} became `false`: no value passes validation") \
    X("request-property-schema-became-not-false", SCHEMA, TYPE, WIDENS, REQUEST, 0, "the schema of the request property {prop} is no longer `false` and accepts values again") \
    X("request-property-stability-decreased", SCHEMA, LIFECYCLE, VIOLATION, REQUEST, 0, "request property {prop} stability level decreased from {from} to {to}") \
    X("request-property-stability-increased", SCHEMA, LIFECYCLE, NONE, REQUEST, 0, "request property {prop} stability level increased from {from} to {to}") \
    X("request-property-sunset-date-too-small", SCHEMA, LIFECYCLE, VIOLATION, REQUEST, 0, "request property {prop} sunset date {date} is too small, must be at least {days} days from now") \
    X("request-property-then-added", SCHEMA, STRUCTURE, NARROWS, REQUEST, 0, "added 'then' subschema to the request property {prop}") \
    X("request-property-then-removed", SCHEMA, STRUCTURE, WIDENS, REQUEST, 0, "removed 'then' subschema from the request property {prop}") \
    X("request-property-type-changed", SCHEMA, TYPE, INCOMPARABLE, REQUEST, 0, "the {prop} request property {dimension} changed from {from} to {to}") \
    X("request-property-type-compatible", SCHEMA, TYPE, WIDENS, REQUEST, 0, "the {prop} request property {dimension} changed from {from} to {to} (backward compatible)") \
    X("request-property-type-generalized", SCHEMA, TYPE, WIDENS, REQUEST, 0, "the {prop} request property {dimension} was widened from {from} to {to}") \
    X("request-property-unevaluated-items-added", SCHEMA, STRUCTURE, NARROWS, REQUEST, 0, "added 'unevaluatedItems' constraint to the request property {prop}") \
    X("request-property-unevaluated-items-removed", SCHEMA, STRUCTURE, WIDENS, REQUEST, 0, "removed 'unevaluatedItems' constraint from the request property {prop}") \
    X("request-property-unevaluated-properties-added", SCHEMA, STRUCTURE, NARROWS, REQUEST, 0, "added 'unevaluatedProperties' constraint to the request property {prop}") \
    X("request-property-unevaluated-properties-removed", SCHEMA, STRUCTURE, WIDENS, REQUEST, 0, "removed 'unevaluatedProperties' constraint from the request property {prop}") \
    X("request-property-unique-items-set", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, 0, "the {prop} request property's uniqueItems was set to true") \
    X("request-property-unique-items-unset", SCHEMA, CONSTRAINTS, WIDENS, REQUEST, 0, "the {prop} request property's uniqueItems was unset") \
    X("request-property-x-extensible-enum-value-removed", SCHEMA, VALUES, NARROWS, REQUEST, 0, "removed the x-extensible-enum value {value} of the request property {prop}") \
    X("request-read-only-property-enum-value-removed", SCHEMA, VALUES, NARROWS, REQUEST, GUARD_READ_ONLY, "removed the enum value {value} of the request read-only property {prop}") \
    X("request-read-only-property-exclusive-max-decreased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, GUARD_READ_ONLY, "the {prop} request read-only property's exclusiveMaximum was decreased to {value}") \
    X("request-read-only-property-exclusive-min-increased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, GUARD_READ_ONLY, "the {prop} request read-only property's exclusiveMinimum was increased to {value}") \
    X("request-read-only-property-max-decreased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, GUARD_READ_ONLY, "the {prop} request read-only property's max was decreased to {value}") \
    X("request-read-only-property-max-items-decreased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, GUARD_READ_ONLY, "the {prop} request read-only property's maxItems was decreased to {value}") \
    X("request-read-only-property-max-length-decreased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, GUARD_READ_ONLY, "the {prop} request read-only property's maxLength was decreased to {value}") \
    X("request-read-only-property-max-properties-decreased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, GUARD_READ_ONLY, "the {prop} request read-only property's maxProperties was decreased to {value}") \
    X("request-read-only-property-min-increased", SCHEMA, CONSTRAINTS, NARROWS, REQUEST, GUARD_READ_ONLY, "the {prop} request read-only property's min was increased to {value}") \
    X("request-required-property-became-not-read-only", SCHEMA, MUTABILITY, NARROWS, REQUEST, 0, "the request required property {prop} became not read-only") \
    X("request-required-property-became-not-read-only-in-openapi-31", SCHEMA, MUTABILITY, NARROWS, REQUEST, GUARD_REQUIRED_IN_REQUESTS, "the request required property {prop} became not read-only") \
    X("request-required-property-became-not-write-only", SCHEMA, MUTABILITY, NONE, REQUEST, GUARD_WRITE_ONLY, "the request required property {prop} became not write-only") \
    X("request-required-property-became-read-only", SCHEMA, MUTABILITY, UNKNOWN, REQUEST, 0, "the request required property {prop} became read-only") \
    X("request-required-property-became-write-only", SCHEMA, MUTABILITY, NONE, REQUEST, GUARD_WRITE_ONLY, "the request required property {prop} became write-only")
/* clang-format on */

#endif
