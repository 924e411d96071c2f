#include "common/base/log.h"

#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <mutex>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace usher::log {
namespace {

constexpr size_t kFlushAt = 64 * 1024;

// spdlog's own stdout sink flushes every line: a system call per rpc.
class BufferedStandardOutput : public spdlog::sinks::base_sink<std::mutex> {
 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    buffer_.append(message.payload.data(), message.payload.size());
    buffer_.push_back('\n');
    if (buffer_.size() >= kFlushAt) flush_();
  }
  void flush_() override {
    absl::string_view left = buffer_;
    while (!left.empty()) {
      const ssize_t written = write(STDOUT_FILENO, left.data(), left.size());
      if (written <= 0) break;  // nowhere to complain to; a full disk must not stop the service
      left.remove_prefix(static_cast<size_t>(written));
    }
    buffer_.clear();
  }

 private:
  std::string buffer_;
};

std::string& ServiceName() {
  static std::string* const name = new std::string("usher");
  return *name;
}

spdlog::logger& Logger() {
  static const std::shared_ptr<spdlog::logger>* const logger = [] {
    auto made =
        std::make_shared<spdlog::logger>("usher", std::make_shared<BufferedStandardOutput>());
    made->set_pattern("%v");
    made->flush_on(spdlog::level::warn);
    spdlog::register_logger(made);
    return new std::shared_ptr<spdlog::logger>(made);
  }();
  return **logger;
}

// JSON escaping (RFC 8259, section 7). Bytes that are no UTF-8 cannot come here: protobuf refuses
// them.
void AppendEscaped(absl::string_view text, std::string* line) {
  size_t written = 0;  // whole runs at once: this is the dearest part of a line
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte != '"' && byte != '\\' && byte != 0x7f) continue;
    line->append(text.data() + written, i - written);
    written = i + 1;
    if (byte == '"' || byte == '\\') {
      line->push_back('\\');
      line->push_back(text[i]);
    } else {
      constexpr char kHex[] = "0123456789abcdef";
      line->append("\\u00");
      line->push_back(kHex[byte >> 4]);
      line->push_back(kHex[byte & 0x0f]);
    }
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

void Write(spdlog::level::level_enum level, absl::string_view level_name, absl::string_view message,
           std::initializer_list<Field> fields) {
  spdlog::logger& logger = Logger();
  if (!logger.should_log(level)) return;
  thread_local std::string line;
  line.assign("{\"time\":\"");
  AppendTime(&line);
  absl::StrAppend(&line, "\",\"level\":\"", level_name, "\",\"service\":\"", ServiceName(), "\"");
  AppendField("message", message, &line);
  for (const auto& [name, value] : fields) AppendField(name, value, &line);
  line.push_back('}');
  logger.log(level, spdlog::string_view_t(line.data(), line.size()));
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
  spdlog::flush_every(std::chrono::seconds(1));
  return true;
}

void Debug(absl::string_view message, std::initializer_list<Field> fields) {
  Write(spdlog::level::debug, "debug", message, fields);
}
void Info(absl::string_view message, std::initializer_list<Field> fields) {
  Write(spdlog::level::info, "info", message, fields);
}
void Warning(absl::string_view message, std::initializer_list<Field> fields) {
  Write(spdlog::level::warn, "warning", message, fields);
}
void Error(absl::string_view message, std::initializer_list<Field> fields) {
  Write(spdlog::level::err, "error", message, fields);
}

void Flush() { Logger().flush(); }

}  // namespace usher::log
