#include "backend/ingest/pipeline.hpp"

#include <pthread.h>

#include <utility>

namespace v2x::ingest {

Pipeline::Pipeline(Delivery& delivery, std::function<void()> committed)
    : delivery_(delivery), committed_(std::move(committed)), thread_([this] { run(); }) {}

Pipeline::~Pipeline() {
  if (auto last = take_committed()) delivery_.finish(std::move(last), stored_);
  stage_ = Stage::stopping;
  stage_.notify_one();
  thread_.join();
}

void Pipeline::run() {
  pthread_setname_np(pthread_self(), "commit");
  for (Stage stage = stage_; stage != Stage::stopping; stage = stage_) {
    if (stage != Stage::committing) {
      stage_.wait(stage);
      continue;
    }
    stored_ = delivery_.commit(*group_);
    stage_ = Stage::committed;
    stage_.notify_one();
    committed_();
  }
}

void Pipeline::start(std::unique_ptr<Group> group) {
  group_ = std::move(group);
  stage_ = Stage::committing;
  stage_.notify_one();
}

std::unique_ptr<Group> Pipeline::take_committed() {
  stage_.wait(Stage::committing);
  stage_ = Stage::free;
  return std::move(group_);
}

void Pipeline::take(std::vector<PeerFrame> frames) {
  auto next = delivery_.begin(std::move(frames));
  if (!next) return;
  auto last = take_committed();
  const Status stored = last ? stored_ : done();
  if (stored) start(std::move(next));
  if (last) delivery_.finish(std::move(last), stored);
  if (next) delivery_.give_up(std::move(next));
}

void Pipeline::answer() {
  if (stage_ == Stage::committed) delivery_.finish(take_committed(), stored_);
}

}  // namespace v2x::ingest
