/* The table of functions. */
#include "functions.h"

#define ANY_OBJECT (INPUT_OBJECT | INPUT_ARRAY)

static const struct function functions[] = {
    {"truthy",                     INPUT_ANY,                                                NULL,                   fn_truthy                  },
    {"falsy",                      INPUT_ANY,                                                NULL,                   fn_falsy                   },
    {"defined",                    INPUT_ANY,                                                NULL,                   fn_defined                 },
    {"undefined",                  INPUT_ANY,                                                NULL,                   fn_undefined               },
    {"length",                     INPUT_ARRAY | INPUT_OBJECT | INPUT_STRING | INPUT_NUMBER, prepare_length,         fn_length                  },
    {"enumeration",                INPUT_STRING | INPUT_NUMBER | INPUT_NULL | INPUT_BOOL,    prepare_enumeration,
     fn_enumeration                                                                                                                             },
    {"pattern",                    INPUT_STRING,                                             prepare_pattern,        fn_pattern                 },
    {"casing",                     INPUT_STRING,                                             prepare_casing,         fn_casing                  },
    {"alphabetical",               ANY_OBJECT,                                               prepare_alphabetical,   fn_alphabetical            },
    {"or",                         INPUT_OBJECT,                                             prepare_properties,     fn_or                      },
    {"xor",                        INPUT_OBJECT,                                             prepare_properties,     fn_xor                     },
    {"schema",                     INPUT_ANY,                                                prepare_schema,         fn_schema                  },
    {"unreferencedReusableObject", INPUT_OBJECT,                                             prepare_unreferenced,   fn_unreferenced            },
    {"typedEnum",                  INPUT_OBJECT,                                             NULL,                   fn_typed_enum              },
    {"oasSchema",                  INPUT_ANY,                                                prepare_oas_schema,     fn_oas_schema              },
    {"oasExample",                 INPUT_OBJECT,                                             prepare_oas_example,    fn_oas_example             },
    {"oasDocumentSchema",          INPUT_ANY,                                                NULL,                   fn_oas_document_schema     },
    {"oasOpSuccessResponse",       INPUT_OBJECT,                                             NULL,                   fn_oas_success_response    },
    {"oasOpFormDataConsumeCheck",  INPUT_OBJECT,                                             NULL,                   fn_oas_form_data_consumes  },
    {"oasOpIdUnique",              INPUT_OBJECT,                                             NULL,                   fn_oas_operation_id_unique },
    {"oasOpParams",                INPUT_ARRAY,                                              NULL,                   fn_oas_operation_parameters},
    {"oasTagDefined",              INPUT_OBJECT,                                             NULL,                   fn_oas_tag_defined         },
    {"oasPathParam",               INPUT_OBJECT,                                             NULL,                   fn_oas_path_parameters     },
    {"oasDiscriminator",           INPUT_OBJECT,                                             NULL,                   fn_oas_discriminator       },
    {"oasSecurityDefined",         INPUT_OBJECT,                                             prepare_oas_version,    fn_oas_security_defined    },
    {"oasUnusedComponent",         INPUT_OBJECT,                                             NULL,                   fn_oas_unused_component    },
    {"refSiblings",                INPUT_ANY,                                                NULL,                   fn_oas_reference_siblings  },
    {"serverVariables",            INPUT_ANY,                                                prepare_servers,        fn_oas_server_variables    },
    {"uniquenessTags",             INPUT_ARRAY,                                              NULL,                   fn_oas_unique_tags         },
    {"owaspCheckSecurity",         INPUT_OBJECT,                                             prepare_check_security, fn_owasp_check_security    },
    {"owaspAdminSecurity",         INPUT_OBJECT,                                             prepare_admin_security, fn_owasp_admin_security    },
    {"noEvalDescription",          INPUT_STRING,                                             prepare_forbidden,      fn_pattern                 },
    {"oasCamelCaseProperties",     INPUT_STRING,                                             prepare_name_casing,    fn_casing                  },
    {"oasComponentDescriptions",   INPUT_ANY,                                                prepare_words,          fn_words                   },
    {"oasDescriptions",            INPUT_ANY,                                                prepare_words,          fn_words                   },
    {"owaspCheckErrorResponse",    INPUT_OBJECT,                                             prepare_code,           fn_response_of_code        },
    {"owaspDefineErrorDefinition", INPUT_OBJECT,                                             prepare_codes,          fn_or                      },
    {"owaspHeaderDefinition",      INPUT_OBJECT,                                             prepare_headers,        fn_headers                 },
    {"postResponseSuccess",        INPUT_OBJECT,                                             prepare_success,        fn_or                      },
};

const struct function *function_named(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(functions); i++)
        if (str_eq(name, str_from(functions[i].name)))
            return &functions[i];
    return NULL;
}
