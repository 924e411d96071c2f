#include "common/base/log.h"

#include <unistd.h>

#include <atomic>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/log_output.h"
#include "common/base/printable.h"

namespace usher::log {
namespace {

std::string& ServiceName() {
  static std::string* const name = new std::string("usher");
  return *name;
}

std::string DescribeDropped(uint64_t lines);

// Lives as long as the process: its thread writes to the end.
Output& TheOutput() {
  static auto* const output = new Output(STDOUT_FILENO, DescribeDropped);
  return *output;
}

enum Level { kDebug, kInfo, kWarning, kError };

std::atomic<Level>& Threshold() {
  static std::atomic<Level> threshold{kInfo};
  return threshold;
}

void AppendUnit(uint32_t unit, std::string* line) {  // of UTF-16, as JSON counts
  constexpr char kHex[] = "0123456789abcdef";
  line->append("\\u");
  for (int shift = 12; shift >= 0; shift -= 4) line->push_back(kHex[(unit >> shift) & 0xf]);
}

void AppendCodePoint(uint32_t code_point, std::string* line) {
  if (code_point < 0x10000) {
    AppendUnit(code_point, line);
  } else {
    AppendUnit(0xd800 + ((code_point - 0x10000) >> 10), line);
    AppendUnit(0xdc00 + ((code_point - 0x10000) & 0x3ff), line);
  }
}

// JSON escaping (RFC 8259, section 7), of all that is not printable besides: a terminal obeys C1
// controls, and turned or invisible text deceives who reads. Bytes that are no UTF-8 become U+FFFD.
void AppendEscaped(absl::string_view text, std::string* line) {
  size_t written = 0;  // whole runs at once: this is the dearest part of a line
  for (size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte != '"' && byte != '\\' && byte < 0x7f) {
      ++i;
      continue;
    }
    const Character character = FirstCharacter(text.substr(i));
    if (byte >= 0x80 && IsPrintable(character.code_point)) {
      i += character.bytes;
      continue;
    }
    line->append(text.data() + written, i - written);
    if (byte == '"' || byte == '\\') {
      line->push_back('\\');
      line->push_back(text[i]);
    } else {
      AppendCodePoint(character.code_point < 0 ? 0xfffd : character.code_point, line);
    }
    i += character.bytes;
    written = i;
  }
  line->append(text.data() + written, text.size() - written);
}

void AppendField(absl::string_view name, absl::string_view value, std::string* line) {
  absl::StrAppend(line, ",\"", name, "\":\"");
  AppendEscaped(value, line);
  line->push_back('"');
}

// "2026-11-24T10:00:00.123456Z"; the part up to the second is made once a second.
void AppendTime(std::string* line) {
  thread_local int64_t last_second = -1;
  thread_local std::string prefix;
  const int64_t micros = absl::ToUnixMicros(absl::Now());
  const int64_t second = micros / 1000000;
  if (second != last_second) {
    last_second = second;
    prefix =
        absl::FormatTime("%Y-%m-%dT%H:%M:%S.", absl::FromUnixSeconds(second), absl::UTCTimeZone());
  }
  absl::StrAppend(line, prefix, absl::Dec(micros % 1000000, absl::kZeroPad6), "Z");
}

void AppendHead(absl::string_view level, absl::string_view message, std::string* line) {
  line->append("{\"time\":\"");
  AppendTime(line);
  absl::StrAppend(line, "\",\"level\":\"", level, "\",\"service\":\"", ServiceName(), "\"");
  AppendField("message", message, line);
}

std::string DescribeDropped(uint64_t lines) {
  std::string line;
  AppendHead("warning", "log lines were dropped: nobody read them in time", &line);
  AppendField("lines", absl::StrCat(lines), &line);
  line.push_back('}');
  return line;
}

void Write(Level level, absl::string_view level_name, absl::string_view message,
           std::initializer_list<Field> fields) {
  if (level < Threshold().load(std::memory_order_relaxed)) return;
  thread_local std::string line;
  line.clear();
  AppendHead(level_name, message, &line);
  for (const auto& [name, value] : fields) AppendField(name, value, &line);
  line.push_back('}');
  TheOutput().Add(line, level >= kWarning);
}

}  // namespace

bool Open(absl::string_view service, absl::string_view level) {
  ServiceName() = std::string(service);
  Level threshold = kInfo;
  if (level == "debug") {
    threshold = kDebug;
  } else if (level == "warning") {
    threshold = kWarning;
  } else if (level == "error") {
    threshold = kError;
  } else if (level != "info") {
    return false;
  }
  Threshold().store(threshold);
  TheOutput();
  return true;
}

void Debug(absl::string_view message, std::initializer_list<Field> fields) {
  Write(kDebug, "debug", message, fields);
}
void Info(absl::string_view message, std::initializer_list<Field> fields) {
  Write(kInfo, "info", message, fields);
}
void Warning(absl::string_view message, std::initializer_list<Field> fields) {
  Write(kWarning, "warning", message, fields);
}
void Error(absl::string_view message, std::initializer_list<Field> fields) {
  Write(kError, "error", message, fields);
}

void Flush(absl::Duration patience) { TheOutput().Flush(patience); }

uint64_t Dropped() { return TheOutput().dropped(); }

}  // namespace usher::log
