// Log lines: one JSON object each, on standard output.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace usher::log {

// A name and its value; messages and values are escaped, so that no line can be split or forged,
// and nothing stands in it that is not printable (base/printable.h). One without a name is left
// out.
using Field = std::pair<absl::string_view, absl::string_view>;

// Sets level ("debug", "info", "warning", "error") and the service that every line names. False
// when the level is none of these. Called once, before the first thread starts.
bool Open(absl::string_view service, absl::string_view level);

// Thread-safe, and never wait for who reads the log: lines that are not read in time are dropped,
// and a line says how many when it goes on. Lines up to `info` may wait a second in memory;
// warnings and errors are written at once, with all that waits before them.
void Debug(absl::string_view message, std::initializer_list<Field> fields = {});
void Info(absl::string_view message, std::initializer_list<Field> fields = {});
void Warning(absl::string_view message, std::initializer_list<Field> fields = {});
void Error(absl::string_view message, std::initializer_list<Field> fields = {});
// The same of what was at `time`, for whoever has just looked at the clock anyway.
void Info(absl::Time time, absl::string_view message, std::initializer_list<Field> fields);

// Waits until what still waits is written, but not for ever: a reader may have stopped.
void Flush(absl::Duration patience = absl::Seconds(2));

// Lines dropped so far.
uint64_t Dropped();

}  // namespace usher::log
