# GPT-2 in TorchScript's serialized dialect: what libtorch reads from an archive's code/ folder.
#
# Shapes: B batch, T new tokens, P tokens already in the cache, S = P + T, C width, NH heads,
# HS = C / NH head size, V vocabulary, L layers, N scored positions.
#
# Weights are one list w: wte (V, C), wpe (S max, C), then twelve a layer (see `block`), then the last
# layer norm's weight and bias (C). Matrices are [out, in], the layout torch.linear is fastest with;
# Hugging Face stores them [in, out]. Layer norms, residual stream, softmax and loss stay in FP32,
# only matrix products and attention run in `dtype` (6 FP32, 5 FP16, 15 BF16), as autocast does.
# In INT8 (12, CPU only) matrix products multiply 8-bit integers and all else stays FP32: weights are
# rounded once, symmetric, with a scale for each output channel; activations as they come, with one
# scale for all tokens of a call. Matrix w[at] is then packed[(at - 3) / 3], and the LM head the last.
class Gpt2(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  heads : int
  epsilon : float
  w : List[Tensor]
  packed : List[__torch__.torch.classes.quantized.LinearPackedParamsBase]
  reduced : bool

  # Between a file's matrices [in, out] and this program's [out, in].
  def transposed(self: __torch__.Gpt2, weight: Tensor) -> Tensor:
    return torch.clone(torch.t(weight), memory_format=0)

  # Inference: keeps the weights inside, matrices in the precision that they are used in.
  def load(self: __torch__.Gpt2, w: List[Tensor], dtype: int) -> int:
    self.packed = annotate(List[__torch__.torch.classes.quantized.LinearPackedParamsBase], [])
    if dtype == 12:
      kept = (self).quantize(w, )
    else:
      kept = annotate(List[Tensor], [])
      for i in range(torch.len(w)):
        t = w[i]
        if torch.dim(t) == 2:
          _0 = torch.append(kept, torch.to(t, dtype))
        else:
          _1 = torch.append(kept, torch.to(t, 6))
    self.w = kept
    return torch.len(kept)

  # Packs the matrices as INT8 and returns what is kept beside them: the embedding's table in BF16, the
  # rest in FP32, and nothing in the place of a packed matrix.
  def quantize(self: __torch__.Gpt2, w: List[Tensor]) -> List[Tensor]:
    self.reduced = (self).saturates()
    kept = [torch.to(w[0], 15), torch.to(w[1], 6)]
    for i in range(torch.len(w) - 2):
      t = w[i + 2]
      if torch.dim(t) == 2:
        _0 = torch.append(self.packed, (self).pack(t, w[i + 3], ))
        _1 = torch.append(kept, torch.empty([0], dtype=6))
      else:
        _2 = torch.append(kept, torch.to(t, 6))
    _3 = torch.append(self.packed, (self).pack(w[0], None, ))
    return kept

  def pack(self: __torch__.Gpt2, weight: Tensor, bias: Optional[Tensor]) -> __torch__.torch.classes.quantized.LinearPackedParamsBase:
    largest = torch.amax(torch.abs(weight), [1])
    scales = torch.clamp_min(torch.div(largest, 127.), 9.9999999999999998e-13)
    zeros = torch.zeros([torch.size(weight, 0)], dtype=4)
    # quantize_per_channel gives the same, on one core and ten times slower.
    values = torch.to(torch.round_(torch.div(weight, torch.unsqueeze(scales, 1))), 1)
    return ops.quantized.linear_prepack(torch._make_per_channel_quantized_tensor(values, scales, zeros, 0), bias)

  # Whether the sum of two 8-bit products overflows 16 bits here, as on x86 CPUs without VNNI;
  # activations then get 7 bits. Each of these products is 255 times 127.
  def saturates(self: __torch__.Gpt2) -> bool:
    ones = (self).pack(torch.ones([16, 64], dtype=6), None, )
    product = ops.quantized.linear_dynamic(torch.ones([1, 64], dtype=6), ones, False)
    return bool(torch.lt(torch.select(torch.select(product, 0, 0), 0, 0), 63.))

  # What attention computes in.
  def dtype(self: __torch__.Gpt2) -> int:
    if torch.len(self.packed) > 0:
      found = 6
    else:
      found = ops.prim.dtype((self.w)[0])
    return found

  # Room for the keys and values of `capacity` tokens: 2L tensors (B, NH, capacity, HS).
  def cache(self: __torch__.Gpt2, batch: int, capacity: int) -> List[Tensor]:
    wte = (self.w)[0]
    size = torch.floordiv(torch.size(wte, 1), self.heads)
    room = annotate(List[Tensor], [])
    for i in range(torch.floordiv(torch.len(self.w) - 4, 12) * 2):
      shape = [batch, self.heads, capacity, size]
      _0 = torch.append(room, torch.zeros(shape, dtype=(self).dtype(), device=ops.prim.device(wte)))
    return room

  # The first `length` tokens of one cache into another.
  def copy(self: __torch__.Gpt2, source: List[Tensor], target: List[Tensor], length: int) -> int:
    for i in range(torch.len(source)):
      _0 = torch.copy_(torch.slice(target[i], 2, 0, length), torch.slice(source[i], 2, 0, length))
    return length

  # Runs T new tokens after the first P of the cache, and writes theirs into it. Returns the logits of
  # the last `scored` tokens (B, scored, V) and their hidden states (B, scored, C), both FP32.
  def step(self: __torch__.Gpt2, ids: Tensor, cache: List[Tensor], past: int, scored: int) -> List[Tensor]:
    length = torch.size(ids, 1)
    x = (self).embed(self.w, ids, past, )                                     # (B, T, C)
    inOrder = torch.empty([0], dtype=11, device=ops.prim.device(x))
    y = (self).layers(x, [cache], [past], [length], [inOrder], )
    # A slice counts as contiguous with odd strides, and the BF16 LM head then takes a slow path.
    last = torch.clone(torch.slice(y, 1, length - scored, length), memory_format=0)
    return (self).scores(last, )

  # Runs the new tokens of several texts as one: matrix products go over all N of them, attention by
  # text. Text i has counts[i] tokens, pasts[i] tokens in its cache caches[i] (2L tensors) and the mask
  # visible[i], where they form a tree: several continuations of one text, as in SpecInfer (Miao et al.
  # 2024). Slot P + t of its cache is written by its token t, which stands at place places[t] of its own
  # continuation and sees the slots where the mask (T, S) is true: those of the tokens before it there,
  # and its own. An empty mask says that the tokens follow one another.
  # Returns, for the rows `told` (R) of the N, the log-probabilities of the token after each (R, V), the
  # probability that it is one of `group` (V, 1), which holds ones and zeros, (R, 1), and the hidden
  # states (R, C); and for the rows `weighed` (M) the log-probabilities (M, K) of K tokens `next` (M, K)
  # after each. All FP32.
  def together(self: __torch__.Gpt2, ids: Tensor, places: Tensor, caches: List[List[Tensor]], pasts: List[int], counts: List[int], visible: List[Tensor], told: Tensor, group: Tensor, weighed: Tensor, next: Tensor) -> List[Tensor]:
    w = self.w
    x = torch.to(torch.embedding(w[0], ids), 6) + torch.to(torch.embedding(w[1], places), 6)
    y = (self).layers(x, caches, pasts, counts, visible, )
    normed = (self).norm(y, w[torch.len(w) - 2], w[torch.len(w) - 1], )
    hidden = torch.select(normed, 0, 0)                                       # (N, C)
    rows = torch.index_select(hidden, 0, told)
    logs = torch.empty([0], dtype=6)
    mass = torch.empty([0], dtype=6)
    if torch.size(told, 0) > 0:
      logs = torch.log_softmax((self).logits(rows, ), -1)
      mass = torch.matmul(torch.exp(logs), group)
    return [logs, mass, rows, (self).weigh(torch.index_select(hidden, 0, weighed), next, )]

  # All layers over N new tokens x (B, N, C) of the texts that `together` describes.
  def layers(self: __torch__.Gpt2, x: Tensor, caches: List[List[Tensor]], pasts: List[int], counts: List[int], visible: List[Tensor]) -> Tensor:
    w = self.w
    dtype = (self).dtype()
    masks = (self).seen(pasts, counts, visible, )
    for i in range(torch.floordiv(torch.len(w) - 4, 12)):
      qkv = (self).projected(w, i, x, dtype, )                                # (B, NH, N, HS) each
      a = (self).attended(qkv, caches, i, pasts, counts, masks, )
      x = (self).block(w, i, x, a, dtype, )
    return x

  # What the tokens of each text see, where that is not everything before them.
  def seen(self: __torch__.Gpt2, pasts: List[int], counts: List[int], visible: List[Tensor]) -> List[Tensor]:
    masks = annotate(List[Tensor], [])
    for i in range(torch.len(counts)):
      mask = visible[i]
      if torch.numel(mask) == 0:
        if pasts[i] > 0:
          if counts[i] > 1:
            ones = torch.ones([counts[i], pasts[i] + counts[i]], dtype=11, device=ops.prim.device(mask))
            mask = torch.tril(ones, pasts[i])
      _0 = torch.append(masks, mask)
    return masks

  # Attention of layer i (B, NH, N, HS), text by text; writes the new keys and values into the caches.
  def attended(self: __torch__.Gpt2, qkv: List[Tensor], caches: List[List[Tensor]], i: int, pasts: List[int], counts: List[int], masks: List[Tensor]) -> Tensor:
    found = annotate(List[Tensor], [])
    at = 0
    for text in range(torch.len(counts)):
      past = pasts[text]
      end = at + counts[text]
      total = past + counts[text]
      keys = torch.slice((caches[text])[i * 2], 2, 0, total)
      values = torch.slice((caches[text])[i * 2 + 1], 2, 0, total)
      _0 = torch.copy_(torch.slice(keys, 2, past, total), torch.slice(qkv[1], 2, at, end))
      _1 = torch.copy_(torch.slice(values, 2, past, total), torch.slice(qkv[2], 2, at, end))
      mask = annotate(Optional[Tensor], None)
      causal = past == 0
      if torch.numel(masks[text]) > 0:
        mask = masks[text]
        causal = False
      a = torch.scaled_dot_product_attention(torch.slice(qkv[0], 2, at, end), keys, values, mask, 0., causal)
      _2 = torch.append(found, a)
      at = end
    if torch.len(found) == 1:
      joined = found[0]
    else:
      joined = torch.cat(found, 2)
    return joined

  # The log-probabilities (M, K) of the tokens `next` after hidden states (M, C). The LM head goes by a
  # few at a time, whose logits fit the CPU's cache.
  def weigh(self: __torch__.Gpt2, hidden: Tensor, next: Tensor) -> Tensor:
    found = annotate(List[Tensor], [])
    for i in range(torch.floordiv(torch.size(hidden, 0) + 15, 16)):
      logits = (self).logits(torch.slice(hidden, 0, i * 16, i * 16 + 16), )   # (16, V)
      chosen = torch.gather(logits, 1, torch.slice(next, 0, i * 16, i * 16 + 16))
      _0 = torch.append(found, torch.sub(chosen, torch.logsumexp(logits, [1], True)))
    if torch.len(found) == 0:
      weighed = torch.empty([0], dtype=6)
    else:
      weighed = torch.cat(found, 0)
    return weighed

  # Logits (B, N, V) of the tokens after x (B, N, C) and its hidden states (B, N, C), both FP32.
  def scores(self: __torch__.Gpt2, x: Tensor) -> List[Tensor]:
    w = self.w
    hidden = (self).norm(x, w[torch.len(w) - 2], w[torch.len(w) - 1], )
    return [(self).logits(hidden, ), hidden]

  # The LM head: logits (..., V) in FP32 of the tokens after hidden states (..., C).
  def logits(self: __torch__.Gpt2, hidden: Tensor) -> Tensor:
    w = self.w
    if torch.len(self.packed) > 0:
      found = ops.quantized.linear_dynamic(hidden, (self.packed)[-1], self.reduced)
    else:
      found = torch.to(torch.linear(torch.to(hidden, ops.prim.dtype(w[0])), w[0]), 6)
    return found

  def embed(self: __torch__.Gpt2, w: List[Tensor], ids: Tensor, past: int) -> Tensor:
    places = torch.slice(w[1], 0, past, past + torch.size(ids, 1))            # (T, C)
    return torch.to(torch.embedding(w[0], ids), 6) + torch.to(places, 6)      # (B, T, C)

  # ln_1 weight and bias (C), then q, k and v from x: weight (3C, C), bias (3C).
  def projected(self: __torch__.Gpt2, w: List[Tensor], i: int, x: Tensor, dtype: int) -> List[Tensor]:
    at = 2 + i * 12
    batch = torch.size(x, 0)
    length = torch.size(x, 1)
    width = torch.size(x, 2)
    a = (self).norm(x, w[at], w[at + 1], )
    qkv = (self).product(a, w, at + 2, dtype, )                    # (B, T, 3C)
    split = torch.view(qkv, [batch, length, 3, self.heads, torch.floordiv(width, self.heads)])
    return torch.unbind(torch.permute(split, [2, 0, 3, 1, 4]))                # 3 x (B, NH, T, HS)

  # The rest of a layer after attention a (B, NH, T, HS): projection (C, C), (C); ln_2 (C), (C);
  # MLP up (4C, C), (4C) and down (C, 4C), (C).
  def block(self: __torch__.Gpt2, w: List[Tensor], i: int, x: Tensor, a: Tensor, dtype: int) -> Tensor:
    at = 2 + i * 12
    joined = torch.reshape(torch.transpose(a, 1, 2), torch.size(x))           # (B, T, C)
    projected = (self).product(joined, w, at + 4, dtype, )
    x1 = x + projected
    b = (self).norm(x1, w[at + 6], w[at + 7], )
    up = torch.gelu((self).product(b, w, at + 8, dtype, ), approximate="tanh")
    down = (self).product(up, w, at + 10, dtype, )
    return x1 + down                                                          # (B, T, C)

  def norm(self: __torch__.Gpt2, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return torch.layer_norm(x, [torch.size(x, -1)], weight, bias, self.epsilon)

  # x times w[at] transposed, plus w[at + 1].
  def product(self: __torch__.Gpt2, x: Tensor, w: List[Tensor], at: int, dtype: int) -> Tensor:
    if torch.len(self.packed) > 0:
      y = ops.quantized.linear_dynamic(x, (self.packed)[torch.floordiv(at - 3, 3)], self.reduced)
    else:
      y = torch.linear(torch.to(x, dtype), w[at], torch.to(w[at + 1], dtype))
    return y
