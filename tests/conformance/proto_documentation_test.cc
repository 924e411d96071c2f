// Checks that everything in proto/ is documented: the comments there are the protocol's manual.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "tests/conformance/wire_tables.h"

namespace usher {
namespace proto_documentation_test {

using ::google::protobuf::Descriptor;
using ::google::protobuf::DescriptorPool;
using ::google::protobuf::EnumDescriptor;
using ::google::protobuf::FileDescriptor;
using ::google::protobuf::FileDescriptorProto;
using ::google::protobuf::FileDescriptorSet;
using ::google::protobuf::ServiceDescriptor;
using ::google::protobuf::SourceLocation;

// The comment before a symbol and the one behind it; comments set apart by an empty line belong to
// nobody.
template <typename AnyDescriptor>
std::string CommentOf(const AnyDescriptor& symbol) {
  SourceLocation location;
  if (!symbol.GetSourceLocation(&location)) return "";
  return location.leading_comments + location.trailing_comments;
}

// Collects the symbols of a file that have no comment.
class UndocumentedSymbols {
 public:
  explicit UndocumentedSymbols(const FileDescriptor& file) {
    for (int i = 0; i < file.message_type_count(); ++i) VisitMessage(*file.message_type(i));
    for (int i = 0; i < file.enum_type_count(); ++i) VisitEnum(*file.enum_type(i));
    for (int i = 0; i < file.service_count(); ++i) VisitService(*file.service(i));
    for (int i = 0; i < file.extension_count(); ++i) Require(*file.extension(i));
  }

  const std::vector<std::string>& names() const { return names_; }

 private:
  template <typename AnyDescriptor>
  void Require(const AnyDescriptor& symbol) {
    if (CommentOf(symbol).find_first_not_of(" \t\n/*") == std::string::npos) {
      names_.push_back(symbol.full_name());
    }
  }

  void VisitMessage(const Descriptor& message) {
    if (message.options().map_entry()) return;  // Made by protoc, written by nobody.
    Require(message);
    for (int i = 0; i < message.field_count(); ++i) Require(*message.field(i));
    for (int i = 0; i < message.real_oneof_decl_count(); ++i) Require(*message.oneof_decl(i));
    for (int i = 0; i < message.enum_type_count(); ++i) VisitEnum(*message.enum_type(i));
    for (int i = 0; i < message.nested_type_count(); ++i) VisitMessage(*message.nested_type(i));
  }

  void VisitEnum(const EnumDescriptor& type) {
    Require(type);
    for (int i = 0; i < type.value_count(); ++i) Require(*type.value(i));
  }

  void VisitService(const ServiceDescriptor& service) {
    Require(service);
    for (int i = 0; i < service.method_count(); ++i) Require(*service.method(i));
  }

  std::vector<std::string> names_;
};

class ProtoDocumentationTest : public testing::Test {
 protected:
  void SetUp() override {
    std::ifstream stream(USHER_PROTOSET, std::ios::binary);
    FileDescriptorSet set;
    ASSERT_TRUE(set.ParseFromIstream(&stream)) << USHER_PROTOSET;
    for (const FileDescriptorProto& file : set.file()) {
      const FileDescriptor* built = pool_.BuildFile(file);
      ASSERT_NE(built, nullptr) << file.name();
      // Protobuf's and gRPC's files come along because ours import them or are served beside them.
      const bool foreign =
          file.name().rfind("google/protobuf/", 0) == 0 || file.name().rfind("grpc/", 0) == 0;
      if (!foreign) files_.push_back(built);
    }
  }

  DescriptorPool pool_;
  std::vector<const FileDescriptor*> files_;
};

TEST_F(ProtoDocumentationTest, TheDescriptorSetHoldsEveryFileOfTheRepository) {
  std::set<std::string> names;
  for (const FileDescriptor* file : files_) names.insert(file->name());
  EXPECT_EQ(names, ProtoFilesBelow(USHER_SOURCE_DIR "/proto"));
}

TEST_F(ProtoDocumentationTest, EverySymbolHasAComment) {
  for (const FileDescriptor* file : files_) {
    const UndocumentedSymbols undocumented(*file);
    for (const std::string& name : undocumented.names()) {
      ADD_FAILURE() << "proto/" << file->name() << ": " << name << " has no comment";
    }
  }
}

TEST_F(ProtoDocumentationTest, ASymbolWithoutACommentIsFound) {
  const FileDescriptor* documented = pool_.FindFileByName("common/accessInfo.proto");
  ASSERT_NE(documented, nullptr);
  FileDescriptorProto file;
  documented->CopyTo(&file);
  documented->CopySourceCodeInfoTo(&file);
  for (auto& location : *file.mutable_source_code_info()->mutable_location()) {
    // Field 4 of a file are its messages, field 2 of a message are its fields.
    const std::vector<int> path(location.path().begin(), location.path().end());
    if (path == std::vector<int>{4, 0, 2, 1}) location.clear_leading_comments();
    if (path == std::vector<int>{4, 0, 2, 3}) location.set_leading_comments(" \n");
  }
  DescriptorPool pool;
  const FileDescriptor* undocumented = pool.BuildFile(file);
  ASSERT_NE(undocumented, nullptr);

  const std::vector<std::string> expected = {"common.AccessInfo.accessToken",
                                             "common.AccessInfo.returnObjectIdsOnly"};
  EXPECT_EQ(UndocumentedSymbols(*undocumented).names(), expected);
}

}  // namespace proto_documentation_test
}  // namespace usher
