// Holds the options that carry the JSON paths against wire.md (fact 3) and json.md, and each rpc to
// having one.
#include <google/api/annotations.pb.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/conformance/wire_tables.h"

namespace usher {
namespace json_paths_test {

using ::google::api::HttpRule;
using ::google::protobuf::DescriptorPool;
using ::google::protobuf::FileDescriptor;
using ::google::protobuf::FileDescriptorProto;
using ::google::protobuf::FileDescriptorSet;
using ::google::protobuf::MethodDescriptor;

// The door's other address, the default of later clients.
constexpr char kLaterBase[] = "/json/v1";

bool StartsWith(const std::string& text, const std::string& prefix) {
  return text.rfind(prefix, 0) == 0;
}

bool IsInternal(const MethodDescriptor& method) {
  return StartsWith(method.full_name(), "usher.internal.");
}

// Neither called by clients of the protocol nor ours, or the second name of something that has a
// path.
bool IsServedElsewhere(const MethodDescriptor& method) {
  return StartsWith(method.full_name(), "grpc.") ||
         StartsWith(method.full_name(), "roomService.RoomService.");
}

bool IsStream(const MethodDescriptor& method) {
  return method.client_streaming() || method.server_streaming();
}

bool HasPath(const MethodDescriptor& method) {
  return method.options().HasExtension(::google::api::http);
}

const HttpRule& RuleOf(const MethodDescriptor& method) {
  return method.options().GetExtension(::google::api::http);
}

class JsonPathsTest : public testing::Test {
 protected:
  void SetUp() override {
    std::ifstream stream(USHER_PROTOSET, std::ios::binary);
    FileDescriptorSet set;
    ASSERT_TRUE(set.ParseFromIstream(&stream)) << USHER_PROTOSET;
    for (const FileDescriptorProto& proto : set.file()) {
      const FileDescriptor* file = pool_.BuildFile(proto);
      ASSERT_NE(file, nullptr) << proto.name();
      for (int i = 0; i < file->service_count(); ++i) {
        for (int j = 0; j < file->service(i)->method_count(); ++j) {
          methods_.push_back(file->service(i)->method(j));
        }
      }
    }
    ASSERT_FALSE(methods_.empty());
  }

  DescriptorPool pool_;
  std::vector<const MethodDescriptor*> methods_;
};

TEST_F(JsonPathsTest, EveryPublishedRpcHasThePathOfTheContract) {
  const WireContract published = ReadWireTables(USHER_SOURCE_DIR "/tests/conformance/wire.md");
  ASSERT_FALSE(published.json_paths.empty());
  for (const auto& [rpc, path] : published.json_paths) {
    const MethodDescriptor* method = pool_.FindMethodByName(rpc);
    ASSERT_NE(method, nullptr) << rpc;
    EXPECT_EQ(RuleOf(*method).post(), path) << rpc;
  }
}

TEST_F(JsonPathsTest, EveryRpcThatClientsCallHasAPathAndNoOtherHasOne) {
  for (const MethodDescriptor* method : methods_) {
    const bool wants = !IsInternal(*method) && !IsServedElsewhere(*method) && !IsStream(*method);
    EXPECT_EQ(HasPath(*method), wants) << method->full_name();
  }
}

TEST_F(JsonPathsTest, EveryPathStandsBelowTheBaseOfLaterClientsAsWell) {
  for (const MethodDescriptor* method : methods_) {
    if (!HasPath(*method)) continue;
    const HttpRule& rule = RuleOf(*method);
    ASSERT_EQ(rule.additional_bindings_size(), 1) << method->full_name();
    EXPECT_EQ(rule.additional_bindings(0).post(), kLaterBase + rule.post());
  }
}

TEST_F(JsonPathsTest, TheWholeRequestIsTheBodyAndTheWholeReplyTheAnswer) {
  for (const MethodDescriptor* method : methods_) {
    if (!HasPath(*method)) continue;
    for (const HttpRule* rule : {&RuleOf(*method), &RuleOf(*method).additional_bindings(0)}) {
      EXPECT_EQ(rule->body(), "*") << method->full_name();
      EXPECT_EQ(rule->response_body(), "") << method->full_name();
      EXPECT_EQ(rule->selector(), "") << method->full_name();
    }
  }
}

TEST_F(JsonPathsTest, NoTwoRpcsShareAPath) {
  std::map<std::string, std::string> taken;
  for (const MethodDescriptor* method : methods_) {
    if (!HasPath(*method)) continue;
    const auto [other, fresh] = taken.emplace(RuleOf(*method).post(), method->full_name());
    EXPECT_TRUE(fresh) << method->full_name() << " and " << other->second;
  }
}

// An edge routes by the first part of a path alone.
TEST_F(JsonPathsTest, APrefixBelongsToOneServer) {
  const std::map<std::string, std::string> served = {
      {"authentication", "/authenticationService/"},
      {"user", "/userService/"},
      {"companyService", "/companyService/"},
      {"roomService", "/roomService/"},
      {"businessLogicService", "/businessLogicService/"},
  };
  for (const MethodDescriptor* method : methods_) {
    if (!HasPath(*method)) continue;
    const auto prefix = served.find(method->file()->package());
    // Ours stand beside what the same server publishes, or below a prefix of their own.
    if (prefix == served.end()) continue;
    EXPECT_TRUE(StartsWith(RuleOf(*method).post(), prefix->second)) << method->full_name();
  }
}

}  // namespace json_paths_test
}  // namespace usher
