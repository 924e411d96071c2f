// Log lines: one JSON object each, on standard output.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace usher::log {

// A name and its value; values are escaped, so that no line can be split or forged.
using Field = std::pair<absl::string_view, absl::string_view>;

// Sets level ("debug", "info", "warning", "error") and the service that every line names. False
// when the level is none of these. Called once, before the first thread starts.
bool Open(absl::string_view service, absl::string_view level);

// Thread-safe. Lines up to `info` may wait a second in memory; warnings and errors are
// written at once, with all that waits before them.
void Debug(absl::string_view message, std::initializer_list<Field> fields = {});
void Info(absl::string_view message, std::initializer_list<Field> fields = {});
void Warning(absl::string_view message, std::initializer_list<Field> fields = {});
void Error(absl::string_view message, std::initializer_list<Field> fields = {});

// Writes what still waits.
void Flush();

}  // namespace usher::log
