#include "common/http/routes.h"

#include <google/api/annotations.pb.h>

#include <cstdlib>
#include <iostream>

#include "absl/strings/match.h"
#include "common/http/json_writer.h"

namespace usher::http {
namespace {

// A protocol that this door does not understand: nothing could be served.
[[noreturn]] void EndOver(const rpc::Method& method, const char* why) {
  std::cerr << method.descriptor.full_name() << " over JSON: " << why << "\n";
  std::abort();
}

const std::string& PathOf(const rpc::Method& method, const google::api::HttpRule& rule) {
  if (rule.pattern_case() != google::api::HttpRule::kPost) EndOver(method, "only by POST");
  if (rule.body() != "*" || !rule.response_body().empty())
    EndOver(method, "its messages as a whole");
  if (!absl::StartsWith(rule.post(), "/") || absl::StrContains(rule.post(), "{")) {
    EndOver(method, "by a path without variables");
  }
  return rule.post();
}

}  // namespace

Routes::Routes(rpc::Gate& gate) {
  for (rpc::Method& method : gate.methods()) {
    const auto& options = method.descriptor.options();
    if (!options.HasExtension(google::api::http)) continue;
    if (method.AsksForPeer() || method.body == nullptr) continue;
    if (!IsWritableAsJson(*method.descriptor.input_type()) ||
        !IsWritableAsJson(*method.descriptor.output_type())) {
      EndOver(method, "a field of its messages cannot be written");
    }
    const auto add = [&](const google::api::HttpRule& rule) {
      if (!methods_.emplace(PathOf(method, rule), &method).second) {
        EndOver(method, "another rpc has its path");
      }
    };
    const google::api::HttpRule& rule = options.GetExtension(google::api::http);
    add(rule);
    for (const google::api::HttpRule& other : rule.additional_bindings()) add(other);
  }
}

rpc::Method* Routes::Find(absl::string_view path) const {
  const auto found = methods_.find(path);
  return found == methods_.end() ? nullptr : found->second;
}

}  // namespace usher::http
