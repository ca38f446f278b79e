/* Every page handler; routes.c is the table of them. */
#ifndef CHANCERY_WEB_HANDLERS_H
#define CHANCERY_WEB_HANDLERS_H

#include "portal/web/page.h"

http_handler web_file;

http_handler web_sign_in, web_sign_in_post, web_sign_out, web_setup, web_setup_post;

http_handler web_account, web_password, web_password_post;
http_handler web_tokens, web_token_create, web_token_revoke;

http_handler web_home;

http_handler web_apis, web_api, web_api_new, web_api_new_post, web_api_edit, web_api_edit_post;
http_handler web_version, web_version_document, web_version_bundle, web_findings, web_operation,
    web_compare, web_changelog, web_scores;
http_handler web_version_new, web_version_new_post, web_version_upload, web_version_upload_post;
http_handler web_version_stage, web_version_stage_post;

http_handler web_gate, web_publish, web_waiver_create, web_review_create;
http_handler web_waivers, web_waiver_revoke;
http_handler web_reviews, web_review, web_review_move;

http_handler web_rulesets, web_ruleset, web_ruleset_new, web_ruleset_new_post;
http_handler web_ruleset_edit, web_ruleset_edit_post, web_ruleset_force;
http_handler web_ruleset_text, web_ruleset_text_post, web_ruleset_preview;
http_handler web_gate_rule_create, web_gate_rule_delete;

http_handler web_apps, web_app, web_app_new, web_app_new_post;
http_handler web_key_create, web_key_revoke;

http_handler web_ask, web_ask_post;
http_handler web_requests, web_requests_awaiting, web_request, web_request_move;

http_handler web_dashboard;
http_handler web_teams, web_team, web_team_new, web_team_new_post;
http_handler web_member_put, web_member_remove;

http_handler web_events;

#endif
