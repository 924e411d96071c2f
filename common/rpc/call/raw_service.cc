#include "common/rpc/call/raw_service.h"

#include <grpcpp/impl/rpc_service_method.h>

#include <cstdlib>
#include <iostream>

#include "absl/strings/str_cat.h"

namespace usher::rpc {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::ServiceDescriptor;

// A name in our own code that the protocol does not have: nothing could be served.
[[noreturn]] void EndOverUnknown(const std::string& name) {
  std::cerr << "the protocol has no " << name << "\n";
  std::abort();
}

const ServiceDescriptor* Find(const std::string& full_name) {
  const ServiceDescriptor* const found =
      DescriptorPool::generated_pool()->FindServiceByName(full_name);
  if (found == nullptr) EndOverUnknown(full_name);
  return found;
}

}  // namespace

RawService::RawService(const std::string& full_name) : descriptor_(Find(full_name)) {}

const google::protobuf::MethodDescriptor& RawService::FindMethod(const std::string& name) const {
  const auto* const found = descriptor_->FindMethodByName(name);
  if (found == nullptr) EndOverUnknown(absl::StrCat(descriptor_->full_name(), ".", name));
  return *found;
}

int RawService::AddUnary(const std::string& name) {
  return Add(name, grpc::internal::RpcMethod::NORMAL_RPC);
}

int RawService::AddServerStream(const std::string& name) {
  return Add(name, grpc::internal::RpcMethod::SERVER_STREAMING);
}

int RawService::Add(const std::string& name, grpc::internal::RpcMethod::RpcType type) {
  paths_.push_back(absl::StrCat("/", descriptor_->full_name(), "/", FindMethod(name).name()));
  AddMethod(new grpc::internal::RpcServiceMethod(paths_.back().c_str(), type, nullptr));
  const int index = static_cast<int>(paths_.size()) - 1;
  MarkMethodRaw(index);
  return index;
}

}  // namespace usher::rpc
