#include "common/server/process_readings.h"

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/base/log.h"
#include "common/db/counters.h"
#include "common/rpc/call/longest_event.h"
#include "common/server/descriptors.h"

namespace usher::server {
namespace {

// The families of metrics are in the order of docs/operations.md; those of one name stand together.
class List {
 public:
  template <class Read>
  void Gauge(const char* name, const char* help, Read read, std::string label = "") {
    Add(name, help, std::move(label), /*counter=*/false, read);
  }
  template <class Read>
  void Counter(const char* name, const char* help, Read read, std::string label = "") {
    Add(name, help, std::move(label), /*counter=*/true, read);
  }
  std::vector<Reading> Take() { return std::move(readings_); }

 private:
  template <class Read>
  void Add(const char* name, const char* help, std::string label, bool counter, Read read) {
    readings_.push_back(
        {name, help, std::move(label), counter, [read] { return static_cast<double>(read()); }});
  }

  std::vector<Reading> readings_;
};

void AddQueues(const rpc::Lanes& lanes, List* list) {
  for (const rpc::WorkQueue* queue : lanes.All()) {
    list->Gauge(
        "usher_queue_waiting", "Calls waiting for a thread, by queue.",
        [queue] { return queue->waiting(); }, queue->name());
  }
  for (const rpc::WorkQueue* queue : lanes.All()) {
    list->Counter(
        "usher_queue_refused_total", "Calls for which there was no room, by queue.",
        [queue] { return queue->refused(); }, queue->name());
  }
}

void AddCalls(Foundation& base, List* list) {
  rpc::Gate& gate = base.gate();
  list->Gauge("usher_request_bytes", "Bytes of decoded requests that wait or are worked on.",
              [&gate] { return gate.request_bytes().taken(); });
  list->Gauge("usher_intake_bytes", "Bytes of large requests that wait to be decoded.",
              [&gate] { return gate.intake_bytes().taken(); });
  list->Gauge("usher_reply_bytes", "Bytes of large answers that clients have not read yet.",
              [&gate] { return gate.reply_bytes().taken(); });
  list->Gauge("usher_open_streams", "Streams that are open, health watches excepted.",
              [&gate] { return gate.streams().size(); });
  list->Gauge("usher_stream_bytes",
              "Bytes that wait on streams whose clients read slowly, beyond 16 KiB each.",
              [&gate] { return gate.stream_bytes().taken(); });
  list->Gauge("usher_poller_longest_event_seconds",
              "How long one event kept a polling thread, or the JSON door's, from all others, in "
              "the last minute.",
              [] { return absl::ToDoubleSeconds(rpc::PollerEvent::Longest()); });
}

void AddDatabase(db::Pool& pool, List* list) {
  db::Counters& counters = db::TheCounters();
  const auto count = [list](const char* name, const char* help, std::atomic<uint64_t>& value) {
    list->Counter(name, help, [&value] { return value.load(); });
  };
  list->Gauge("usher_database_connections_in_use", "Connections that are working.",
              [&pool] { return pool.in_use(); });
  count("usher_database_connects_total", "Connections opened.", counters.connects);
  count("usher_database_failed_connects_total", "Attempts that failed, one for each address.",
        counters.failed_connects);
  count("usher_database_cut_off_total", "Connections ended at a call's deadline.",
        counters.cut_off);
  count("usher_database_batches_total", "Round trips of several calls' statements.",
        counters.batches);
  count("usher_database_batched_total", "Statements in them.", counters.batched);
  count("usher_database_rerun_total", "Of those, run again since another one failed.",
        counters.rerun);
  count("usher_database_in_doubt_total", "Changes whose outcome the caller was not told.",
        counters.in_doubt);
  count("usher_database_looked_up_total", "Changes looked for by their idempotency key.",
        counters.looked_up);
}

void AddTokens(Foundation& base, List* list) {
  list->Counter("usher_token_cache_hits_total", "Tokens found among the verified ones.",
                [&base] { return base.verifier().cache_hits(); });
  list->Counter("usher_token_cache_misses_total", "Tokens that had to be verified.",
                [&base] { return base.verifier().cache_misses(); });
  list->Gauge("usher_auth_feed_age_seconds", "Age of what is known of auth's keys and revocations.",
              [&base] { return absl::ToDoubleSeconds(base.feed_state().age()); });
  list->Gauge("usher_revocations", "Revocations that still matter.",
              [&base] { return base.revocations().size(); });
}

void AddJson(const http::DoorCounters& counters, List* list) {
  list->Gauge("usher_json_connections", "Connections of the JSON ports that are open.",
              [&counters] { return counters.connections.load(); });
  list->Counter("usher_json_requests_total", "Requests of the JSON ports that became calls.",
                [&counters] { return counters.requests.load(); });
  list->Counter("usher_json_refused_total",
                "Requests that did not: malformed, too large, too slow, for no call.",
                [&counters] { return counters.refused.load(); });
  list->Counter("usher_json_received_bytes_total", "Bytes that came in on the JSON ports.",
                [&counters] { return counters.received.load(); });
  list->Counter("usher_json_sent_bytes_total", "Bytes of answers that have left there.",
                [&counters] { return counters.sent.load(); });
}

void AddCertificates(const Options& options, List* list) {
  const auto add = [list](const char* name, const std::shared_ptr<rpc::TlsFiles>& files) {
    if (files == nullptr) return;
    list->Gauge(
        "usher_certificate_ends_seconds", "When a certificate or its CA ends, Unix time.",
        [files] { return absl::ToUnixSeconds(files->current()->ends); }, name);
  };
  add("internal", options.internal_tls);
  add("public", options.listen.tls_files);
}

void AddProcess(const Acceptor& acceptor, List* list) {
  list->Counter("usher_connections_accepted_total", "Connections taken in, on all ports.",
                [&acceptor] { return acceptor.accepted(); });
  list->Counter("usher_connections_refused_total", "Connections refused for want of descriptors.",
                [&acceptor] { return acceptor.refused(); });
  list->Counter("usher_connections_refused_to_addresses_total",
                "Connections refused since their address had too many.",
                [&acceptor] { return acceptor.refused_to_addresses(); });
  list->Gauge("usher_descriptors_in_use", "File descriptors in use.",
              [] { return DescriptorsInUse(); });
  list->Gauge("usher_descriptors_limit", "File descriptors that there may be.",
              [] { return DescriptorLimit(); });
  list->Counter("usher_log_lines_dropped_total", "Lines of the log that nobody read in time.",
                [] { return log::Dropped(); });
}

}  // namespace

std::shared_ptr<Readings> ReadingsOf(Foundation& base, const Acceptor& acceptor,
                                     const http::Door* json) {
  List list;
  AddQueues(base.lanes(), &list);
  AddCalls(base, &list);
  AddDatabase(base.pool(), &list);
  AddTokens(base, &list);
  if (json != nullptr) AddJson(json->counters(), &list);
  AddProcess(acceptor, &list);
  AddCertificates(base.options(), &list);
  return std::make_shared<Readings>(list.Take());
}

}  // namespace usher::server
