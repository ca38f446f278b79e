/* The structure of documents, in the words that rules about it use. */
#include "functions.h"

void fn_oas_document_schema(struct call *c)
{
    UNUSED(c);
}
