// A call that no transport brought, for tests of the gate alone.
#pragma once

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "common/rpc/call/incoming.h"

namespace usher::rpc {

// Set up before it is handed to the gate, looked at after WaitForAnswer.
class FakeIncoming final : public Incoming {
 public:
  explicit FakeIncoming(const google::protobuf::Message& request)
      : bytes_(request.SerializeAsString()) {}
  explicit FakeIncoming(std::string bytes) : bytes_(std::move(bytes)) {}

  std::string peer = "ipv4:192.0.2.1:40000";
  std::map<std::string, std::string> headers;
  std::vector<std::string> certificate_names;

  std::string Peer() const override { return peer; }
  absl::Time Deadline() const override { return absl::InfiniteFuture(); }
  std::optional<absl::string_view> Header(absl::string_view name) const override {
    const auto found = headers.find(std::string(name));
    if (found == headers.end()) return std::nullopt;
    return absl::string_view(found->second);
  }
  std::string Headers(absl::string_view name) const override {
    return std::string(Header(name).value_or(""));
  }
  std::vector<std::string> CertificateNames() const override { return certificate_names; }
  size_t RequestSize() const override { return bytes_.size(); }

  bool ReadAccessInfo(int number, ::common::AccessInfo* access) override {
    access_info_reader_ = std::this_thread::get_id();
    google::protobuf::io::CodedInputStream bytes(reinterpret_cast<const uint8_t*>(bytes_.data()),
                                                 static_cast<int>(bytes_.size()));
    while (const uint32_t tag = bytes.ReadTag()) {
      using google::protobuf::internal::WireFormatLite;
      if (WireFormatLite::GetTagFieldNumber(tag) != number) {
        if (!WireFormatLite::SkipField(&bytes, tag)) return false;
        continue;
      }
      std::string field;
      if (!WireFormatLite::ReadBytes(&bytes, &field) || !access->MergeFromString(field)) {
        return false;
      }
    }
    return true;
  }
  bool ReadRequest(google::protobuf::Message* request) override {
    request_reader_ = std::this_thread::get_id();
    was_read_ = true;
    return request->ParseFromString(bytes_);
  }
  void SayThatNothingChanged() override { said_that_nothing_changed_ = true; }
  void Answer(const Outcome& outcome, const google::protobuf::Message& reply, absl::Time /*until*/,
              std::shared_ptr<void> /*kept*/) override {
    const absl::MutexLock lock(&mutex_);
    outcome_ = outcome;
    reply_ = reply.SerializeAsString();
    answered_ = true;
  }

  // False when none came within half a minute.
  // (By a lock, and not by a Notification, whose quick look ThreadSanitizer does not see.)
  bool WaitForAnswer() {
    const absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(&answered_), absl::Seconds(30));
  }
  const Outcome& outcome() const { return outcome_; }
  template <class Reply>
  Reply reply() const {
    Reply reply;
    reply.ParseFromString(reply_);
    return reply;
  }
  const std::string& reply_bytes() const { return reply_; }
  bool was_read() const { return was_read_; }
  bool said_that_nothing_changed() const { return said_that_nothing_changed_; }
  std::thread::id request_reader() const { return request_reader_; }
  std::thread::id access_info_reader() const { return access_info_reader_; }

 private:
  const std::string bytes_;
  std::atomic<bool> was_read_{false};
  std::atomic<bool> said_that_nothing_changed_{false};
  std::thread::id request_reader_;
  std::thread::id access_info_reader_;
  absl::Mutex mutex_;
  bool answered_ = false;
  Outcome outcome_;
  std::string reply_;
};

}  // namespace usher::rpc
