# usher_embed_migrations(TARGET SET FOLDER): compiles the *.sql files of FOLDER into TARGET, so that a
# binary carries its own schema. SET names the generated function: usher::<SET>::Migrations().
function(usher_embed_migrations target set folder)
  file(GLOB files CONFIGURE_DEPENDS ${folder}/*.sql)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${set}_migrations.cc)
  # The names stand in the command: a file that was only renamed is no newer than the output.
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DSET=${set} "-DFILES=${files}" -DOUTPUT=${output}
            -P ${PROJECT_SOURCE_DIR}/cmake/write_migrations.cmake
    DEPENDS ${files} ${PROJECT_SOURCE_DIR}/cmake/write_migrations.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
