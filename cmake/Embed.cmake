# Writes a file as C arrays, plain and as gzip, and the SHA-256 of the plain one in hexadecimal:
# const unsigned char NAME[]; const size_t NAME_len; const unsigned char NAME_packed[]; const size_t NAME_packed_len;
# const char NAME_sha256[];
function(put_array file name)
  file(READ ${file} hex HEX)
  string(LENGTH "${hex}" digits)
  math(EXPR len "${digits} / 2")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(REGEX REPLACE "(0x[0-9a-f][0-9a-f],0x[0-9a-f][0-9a-f],0x[0-9a-f][0-9a-f],0x[0-9a-f][0-9a-f],0x[0-9a-f][0-9a-f],0x[0-9a-f][0-9a-f],0x[0-9a-f][0-9a-f],0x[0-9a-f][0-9a-f],)" "\\1\n" bytes "${bytes}")
  file(APPEND ${OUTPUT} "extern const unsigned char ${name}[];\nextern const size_t ${name}_len;\nconst unsigned char ${name}[] = {\n${bytes}};\nconst size_t ${name}_len = ${len};\n")
endfunction()

file(WRITE ${OUTPUT} "#include <stddef.h>\n")
put_array(${INPUT} ${NAME})
# MTIME keeps the result the same from build to build.
file(ARCHIVE_CREATE OUTPUT ${OUTPUT}.gz PATHS ${INPUT} FORMAT raw COMPRESSION GZip COMPRESSION_LEVEL 9 MTIME "2000-01-01 00:00 UTC")
put_array(${OUTPUT}.gz ${NAME}_packed)
file(SHA256 ${INPUT} hash)
file(APPEND ${OUTPUT} "extern const char ${NAME}_sha256[];\nconst char ${NAME}_sha256[] = \"${hash}\";\n")
