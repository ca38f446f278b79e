/* Every check, one row each, sorted by id: a change without a row is not reported, and a row needs
 * no second edit. The ids and texts are those of oasdiff 1.35.0, so that its users' files of
 * severities and approvals go on to work (GUARD_OURS marks those that it lacks); the level is not
 * written here: it follows from effect and direction (checks.c). Texts name their values in braces
 * (enum slot). Checks whose ids begin with "request-" stand in checks_request.h, those of responses
 * in checks_response.h. */
#ifndef CHANCERY_DIFF_CHECKS_H
#define CHANCERY_DIFF_CHECKS_H

#include "catalog/diff/checks_request.h"
#include "catalog/diff/checks_response.h"

/* clang-format off */
/* X(id, area, kind, effect, direction, guards, text) */
#define DIFF_CHECKS(X) \
    X("api-deprecated-sunset-missing", PATHS, LIFECYCLE, VIOLATION, NONE, 0, "sunset date is missing for deprecated API") \
    X("api-deprecated-sunset-parse", PATHS, LIFECYCLE, VIOLATION, NONE, 0, "failed to parse sunset date: {value}") \
    X("api-global-security-added", SECURITY, EXISTENCE, WIDENS, NONE, 0, "the security scheme {value} was added to the API") \
    X("api-global-security-removed", SECURITY, EXISTENCE, NARROWS, NONE, 0, "the security scheme {value} was removed from the API") \
    X("api-global-security-scope-added", SECURITY, EXISTENCE, NARROWS, NONE, 0, "the security scope {value} was added to the global security scheme {key}") \
    X("api-global-security-scope-removed", SECURITY, EXISTENCE, WIDENS, NONE, 0, "the security scope {value} was removed from the global security scheme {key}") \
    X("api-invalid-stability-level", PATHS, LIFECYCLE, VIOLATION, NONE, 0, "failed to parse stability level: {value}") \
    X("api-major-version-not-bumped", INFO, LIFECYCLE, NONE, NONE, 0, "a breaking change was detected but the major version did not increase, from {from} to {to}") \
    X("api-operation-id-added", PATHS, EXISTENCE, NONE, NONE, 0, "api operation id {to} was added") \
    X("api-operation-id-removed", PATHS, EXISTENCE, NONE, NONE, 0, "api operation id {from} removed and replaced with {to}") \
    X("api-path-removed-before-sunset", PATHS, EXISTENCE, VIOLATION, NONE, 0, "api path removed before the sunset date {date}") \
    X("api-path-removed-with-deprecation", PATHS, EXISTENCE, NARROWS, NONE, GUARD_SANCTIONED, "api path removed with deprecation") \
    X("api-path-removed-without-deprecation", PATHS, EXISTENCE, NARROWS, NONE, 0, "api path removed without deprecation") \
    X("api-path-sunset-parse", PATHS, LIFECYCLE, VIOLATION, NONE, 0, "failed to parse sunset date: {value}") \
    X("api-removed-before-sunset", PATHS, EXISTENCE, VIOLATION, NONE, 0, "api removed before the sunset date {date}") \
    X("api-removed-with-deprecation", PATHS, EXISTENCE, NARROWS, NONE, GUARD_SANCTIONED, "api removed with deprecation") \
    X("api-removed-without-deprecation", PATHS, EXISTENCE, NARROWS, NONE, 0, "api removed without deprecation") \
    X("api-schema-removed", COMPONENTS, EXISTENCE, NONE, NONE, 0, "removed the schema {value}") \
    X("api-security-added", SECURITY, EXISTENCE, WIDENS, NONE, 0, "the endpoint scheme security {value} was added to the API") \
    X("api-security-anonymous-access-added", SECURITY, EXISTENCE, WIDENS, NONE, 0, "the endpoint now allows anonymous access") \
    X("api-security-anonymous-access-removed", SECURITY, EXISTENCE, NARROWS, NONE, 0, "the endpoint no longer allows anonymous access and now only accepts {value}") \
    X("api-security-component-added", SECURITY, EXISTENCE, NONE, NONE, 0, "the component security scheme {key} was added") \
    X("api-security-component-api-key-in-changed", SECURITY, TYPE, INCOMPARABLE, NONE, 0, "the component security scheme {key} api key location changed from {from} to {to}") \
    X("api-security-component-api-key-name-changed", SECURITY, TYPE, INCOMPARABLE, NONE, 0, "the component security scheme {key} api key name changed from {from} to {to}") \
    X("api-security-component-bearer-format-changed", SECURITY, TYPE, NONE, NONE, 0, "the component security scheme {key} bearer format changed from {from} to {to}") \
    X("api-security-component-http-scheme-changed", SECURITY, TYPE, INCOMPARABLE, NONE, 0, "the component security scheme {key} http scheme changed from {from} to {to}") \
    X("api-security-component-oauth-refresh-url-changed", SECURITY, TYPE, UNKNOWN, NONE, 0, "the component security scheme {key} oauth {flow} flow refresh url changed from {from} to {to}") \
    X("api-security-component-oauth-scope-added", SECURITY, EXISTENCE, NONE, NONE, 0, "the component security scheme {key} oauth {flow} flow scope {value} was added") \
    X("api-security-component-oauth-scope-changed", SECURITY, TYPE, NONE, NONE, 0, "the component security scheme {key} oauth {flow} flow scope {value} was updated from {from} to {to}") \
    X("api-security-component-oauth-scope-removed", SECURITY, EXISTENCE, NONE, NONE, 0, "the component security scheme {key} oauth {flow} flow scope {value} was removed") \
    X("api-security-component-oauth-token-url-changed", SECURITY, TYPE, UNKNOWN, NONE, 0, "the component security scheme {key} oauth {flow} flow token url changed from {from} to {to}") \
    X("api-security-component-oauth-url-changed", SECURITY, TYPE, UNKNOWN, NONE, 0, "the component security scheme {key} oauth {flow} flow authorization url changed from {from} to {to}") \
    X("api-security-component-openid-connect-url-changed", SECURITY, TYPE, UNKNOWN, NONE, 0, "the component security scheme {key} OpenID Connect url changed from {from} to {to}") \
    X("api-security-component-removed", SECURITY, EXISTENCE, NONE, NONE, 0, "the component security scheme {key} was removed") \
    X("api-security-component-type-changed", SECURITY, TYPE, INCOMPARABLE, NONE, 0, "the component security scheme {key} type changed from {from} to {to}") \
    X("api-security-removed", SECURITY, EXISTENCE, NARROWS, NONE, 0, "the endpoint scheme security {value} was removed from the API") \
    X("api-security-scope-added", SECURITY, EXISTENCE, NARROWS, NONE, 0, "the security scope {value} was added to the endpoint's security scheme {key}") \
    X("api-security-scope-removed", SECURITY, EXISTENCE, WIDENS, NONE, 0, "the security scope {value} was removed from the endpoint's security scheme {key}") \
    X("api-stability-decreased", PATHS, LIFECYCLE, VIOLATION, NONE, 0, "endpoint stability level decreased from {from} to {to}") \
    X("api-stability-increased", PATHS, LIFECYCLE, NONE, NONE, 0, "endpoint stability level increased from {from} to {to}") \
    X("api-sunset-date-changed-too-small", PATHS, LIFECYCLE, VIOLATION, NONE, 0, "api sunset date changed to an earlier date, from {from} to {to}, new sunset date must be not earlier than {from} and at least {days} days from now") \
    X("api-sunset-date-too-small", PATHS, LIFECYCLE, VIOLATION, NONE, 0, "sunset date {date} is too small, must be at least {days} days from now") \
    X("api-tag-added", TAGS, EXISTENCE, NONE, NONE, 0, "api tag {value} added") \
    X("api-tag-removed", TAGS, EXISTENCE, NONE, NONE, 0, "api tag {value} removed") \
    X("api-version-decreased", INFO, LIFECYCLE, NONE, NONE, 0, "a breaking change was detected but the version decreased from {from} to {to}") \
    X("api-version-not-bumped", INFO, LIFECYCLE, NONE, NONE, 0, "a breaking change was detected but the version is still {to}") \
    X("endpoint-added", PATHS, EXISTENCE, WIDENS, NONE, 0, "endpoint added") \
    X("endpoint-deprecated", PATHS, LIFECYCLE, NONE, NONE, 0, "endpoint deprecated") \
    X("endpoint-deprecated-with-sunset", PATHS, LIFECYCLE, NONE, NONE, 0, "endpoint deprecated with sunset date {date}") \
    X("endpoint-reactivated", PATHS, LIFECYCLE, NONE, NONE, 0, "endpoint reactivated") \
    X("new-optional-request-default-parameter-to-existing-path", PARAMETERS, EXISTENCE, NONE, REQUEST, 0, "added the new optional {in} request parameter {param} to all path's operations") \
    X("new-optional-request-parameter", PARAMETERS, EXISTENCE, NONE, REQUEST, 0, "added the new optional {in} request parameter {param}") \
    X("new-optional-request-property", SCHEMA, EXISTENCE, NONE, REQUEST, 0, "added the new optional request property {prop}") \
    X("new-request-path-parameter", PARAMETERS, EXISTENCE, NARROWS, REQUEST, 0, "added the new path request parameter {param}") \
    X("new-required-request-default-parameter-to-existing-path", PARAMETERS, EXISTENCE, NARROWS, REQUEST, 0, "added the new required {in} request parameter {param} to all path's operations") \
    X("new-required-request-header-property", PARAMETERS, EXISTENCE, NARROWS, REQUEST, 0, "added the new required {param} request header's property {prop}") \
    X("new-required-request-parameter", PARAMETERS, EXISTENCE, NARROWS, REQUEST, 0, "added the new required {in} request parameter {param}") \
    X("new-required-request-property", SCHEMA, EXISTENCE, NARROWS, REQUEST, 0, "added the new required request property {prop}") \
    X("new-required-request-property-with-default", SCHEMA, EXISTENCE, NARROWS, REQUEST, GUARD_HAS_DEFAULT, "added the new required request property {prop} with a default value") \
    X("optional-response-header-removed", HEADERS, EXISTENCE, NONE, RESPONSE, 0, "the optional response header {header} removed for the status {status}") \
    DIFF_CHECKS_REQUEST(X) \
    DIFF_CHECKS_RESPONSE(X) \
    X("sunset-deleted", PATHS, LIFECYCLE, VIOLATION, NONE, 0, "api sunset date deleted, but deprecated=true kept") \
    X("webhook-added", COMPONENTS, EXISTENCE, WIDENS, NONE, 0, "webhook {value} added") \
    X("webhook-removed", COMPONENTS, EXISTENCE, NARROWS, NONE, 0, "webhook {value} removed")
/* clang-format on */

#endif
