#include "common/rpc/gate/trace_context.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace usher::rpc {
namespace {

// "00-" 32 digits "-" 16 digits "-" 2 digits.
constexpr size_t kTraceId = 3;
constexpr size_t kTraceIdSize = 32;
constexpr size_t kParentId = kTraceId + kTraceIdSize + 1;
constexpr size_t kParentIdSize = 16;
constexpr size_t kFlags = kParentId + kParentIdSize + 1;
constexpr size_t kSize = kFlags + 2;

bool IsHexadecimal(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool IsId(absl::string_view text) {
  return IsHexadecimal(text) && text.find_first_not_of('0') != absl::string_view::npos;
}

bool IsSampled(absl::string_view flags) {
  const char last = flags[1];
  return (last <= '9' ? last - '0' : last - 'a' + 10) % 2 == 1;
}

}  // namespace

std::string Traceparent(absl::string_view header) {
  if (header.size() < kSize) return "";
  const absl::string_view version = header.substr(0, 2);
  const absl::string_view flags = header.substr(kFlags, 2);
  if (!IsHexadecimal(version) || version == "ff" || header[kTraceId - 1] != '-' ||
      !IsId(header.substr(kTraceId, kTraceIdSize)) || header[kParentId - 1] != '-' ||
      !IsId(header.substr(kParentId, kParentIdSize)) || header[kFlags - 1] != '-' ||
      !IsHexadecimal(flags)) {
    return "";
  }
  if (version == "00") return header.size() == kSize ? std::string(header) : "";
  // A later version may have more behind it, and of its flags we know one.
  if (header.size() > kSize && header[kSize] != '-') return "";
  return absl::StrCat("00", header.substr(2, kFlags - 2), IsSampled(flags) ? "01" : "00");
}

}  // namespace usher::rpc
