#include "common/base/log.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/sink.h>
#include <unistd.h>

#include <memory>

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

// Hands whole lines on. spdlog's own sinks write on the thread that logs, under a lock.
class OutputSink final : public spdlog::sinks::sink {
 public:
  void log(const spdlog::details::log_msg& message) override {
    TheOutput().Add(absl::string_view(message.payload.data(), message.payload.size()),
                    message.level >= spdlog::level::warn);
  }
  void flush() override {}
  void set_pattern(const std::string& /*pattern*/) override {}
  void set_formatter(std::unique_ptr<spdlog::formatter> /*formatter*/) override {}
};

spdlog::logger& Logger() {
  static auto* const logger = new spdlog::logger("usher", std::make_shared<OutputSink>());
  return *logger;
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
  while (true) {
    const size_t plain = PlainBytes(text);
    line->append(text.data(), plain);
    text.remove_prefix(plain);
    if (text.empty()) return;
    const Character character = FirstCharacter(text);
    if (text.front() == '"' || text.front() == '\\') {
      line->push_back('\\');
      line->push_back(text.front());
    } else if (character.code_point >= 0x80 && IsPrintable(character.code_point)) {
      line->append(text.data(), character.bytes);
    } else {
      AppendCodePoint(character.code_point < 0 ? 0xfffd : character.code_point, line);
    }
    text.remove_prefix(character.bytes);
  }
}

void AppendField(absl::string_view name, absl::string_view value, std::string* line) {
  line->append(",\"").append(name.data(), name.size()).append("\":\"");
  AppendEscaped(value, line);
  line->push_back('"');
}

// "2026-11-24T10:00:00.123456Z"; the part up to the second is made once a second.
void AppendTime(absl::Time time, std::string* line) {
  thread_local int64_t last_second = -1;
  thread_local std::string prefix;
  const int64_t micros = absl::ToUnixMicros(time);
  const int64_t second = micros / 1000000;
  if (second != last_second) {
    last_second = second;
    prefix =
        absl::FormatTime("%Y-%m-%dT%H:%M:%S.", absl::FromUnixSeconds(second), absl::UTCTimeZone());
  }
  absl::StrAppend(line, prefix, absl::Dec(micros % 1000000, absl::kZeroPad6), "Z");
}

void AppendHead(absl::Time time, absl::string_view level, absl::string_view message,
                std::string* line) {
  line->append("{\"time\":\"");
  AppendTime(time, line);
  absl::StrAppend(line, "\",\"level\":\"", level, "\",\"service\":\"", ServiceName(), "\"");
  AppendField("message", message, line);
}

std::string DescribeDropped(uint64_t lines) {
  std::string line;
  AppendHead(absl::Now(), "warning", "log lines were dropped: nobody read them in time", &line);
  AppendField("lines", absl::StrCat(lines), &line);
  line.push_back('}');
  return line;
}

bool IsWritten(spdlog::level::level_enum level) { return Logger().should_log(level); }

void Write(absl::Time time, spdlog::level::level_enum level, absl::string_view level_name,
           absl::string_view message, std::initializer_list<Field> fields) {
  thread_local std::string line;
  line.clear();
  AppendHead(time, level_name, message, &line);
  for (const auto& [name, value] : fields) {
    if (!name.empty()) AppendField(name, value, &line);
  }
  line.push_back('}');
  // The line says when it was; without a time of its own spdlog would look at the clock again.
  Logger().log(spdlog::log_clock::time_point(), spdlog::source_loc(), level,
               spdlog::string_view_t(line.data(), line.size()));
}

void WriteNow(spdlog::level::level_enum level, absl::string_view level_name,
              absl::string_view message, std::initializer_list<Field> fields) {
  if (IsWritten(level)) Write(absl::Now(), level, level_name, message, fields);
}

}  // namespace

bool Open(absl::string_view service, absl::string_view level) {
  ServiceName() = std::string(service);
  spdlog::level::level_enum threshold = spdlog::level::info;
  if (level == "debug") {
    threshold = spdlog::level::debug;
  } else if (level == "warning") {
    threshold = spdlog::level::warn;
  } else if (level == "error") {
    threshold = spdlog::level::err;
  } else if (level != "info") {
    return false;
  }
  Logger().set_level(threshold);
  TheOutput();
  return true;
}

void Debug(absl::string_view message, std::initializer_list<Field> fields) {
  WriteNow(spdlog::level::debug, "debug", message, fields);
}
void Info(absl::string_view message, std::initializer_list<Field> fields) {
  WriteNow(spdlog::level::info, "info", message, fields);
}
void Info(absl::Time time, absl::string_view message, std::initializer_list<Field> fields) {
  if (IsWritten(spdlog::level::info)) {
    Write(time, spdlog::level::info, "info", message, fields);
  }
}
void Warning(absl::string_view message, std::initializer_list<Field> fields) {
  WriteNow(spdlog::level::warn, "warning", message, fields);
}
void Error(absl::string_view message, std::initializer_list<Field> fields) {
  WriteNow(spdlog::level::err, "error", message, fields);
}

void Flush(absl::Duration patience) { TheOutput().Flush(patience); }

uint64_t Dropped() { return TheOutput().dropped(); }

}  // namespace usher::log
