import { createRequire } from 'node:module'
import { defineConfig } from 'vitepress'

const require = createRequire(import.meta.url)

const repository = 'https://github.com/anymq/anymq'

const pages = /^\/(docs\/.*|README|SPECIFICATION|CHANGELOG|CONTRIBUTING|SECURITY)\.md$/

// The documents link to sources, commands and pictures of the repository as files beside them; the site has pages only.
function linkToRepository(markdown) {
  const render = markdown.renderer.rules.link_open
    ?? ((tokens, i, options, env, self) => self.renderToken(tokens, i, options))
  markdown.renderer.rules.link_open = (tokens, i, options, env, self) => {
    const href = tokens[i].attrGet('href')
    if (href && !/^[a-z]+:|^#/.test(href)) {
      const path = new URL(href, `file:///${env.relativePath}`).pathname
      if (!pages.test(path)) {
        tokens[i].attrSet('href', `${repository}/tree/main${path}`)
      }
    }
    return render(tokens, i, options, env, self)
  }
}

export default defineConfig({
  title: 'AnyMQ',
  description: 'One Java messaging API over every broker.',
  lang: 'en',
  srcDir: '../..',
  srcExclude: ['**/target/**', '**/node_modules/**', 'examples/**', 'testing/**', 'integrations/**', 'comparison-bench/**',
    'adapter-*/**', 'mq-api/**', 'bom/**', 'tools/**', '.github/**'],
  outDir: '../../target/site',
  cacheDir: '../../target/site-cache',
  rewrites: { 'README.md': 'index.md' },
  cleanUrls: false,
  lastUpdated: false,
  // the documents stand above the folder with the modules
  vite: {
    resolve: {
      alias: [
        { find: /^vue\/server-renderer$/, replacement: require.resolve('vue/server-renderer') },
        { find: /^vue$/, replacement: require.resolve('vue/dist/vue.runtime.esm-bundler.js') }
      ]
    }
  },
  markdown: { config: linkToRepository },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    socialLinks: [{ icon: 'github', link: repository }],
    nav: [
      { text: 'Getting started', link: '/docs/getting-started' },
      { text: 'Specification', link: '/SPECIFICATION' },
      { text: 'Changelog', link: '/CHANGELOG' }
    ],
    sidebar: [
      { text: 'Using it', items: [
        { text: 'What AnyMQ is', link: '/' },
        { text: 'Getting started', link: '/docs/getting-started' },
        { text: 'Spring Boot', link: '/docs/spring-boot' },
        { text: 'Coming from Spring', link: '/docs/coming-from-spring' },
        { text: 'Testing an application', link: '/docs/testing' },
        { text: 'Dead letters', link: '/docs/dead-letters' },
        { text: 'One effect per message', link: '/docs/exactly-once' },
        { text: 'Existing services', link: '/docs/existing-services' },
        { text: 'Logging', link: '/docs/logging' },
        { text: 'Metrics and traces', link: '/docs/observability' },
        { text: 'Versions and compatibility', link: '/docs/versioning' },
        { text: 'Security', link: '/SECURITY' }
      ] },
      { text: 'What is promised', items: [
        { text: 'Specification', link: '/SPECIFICATION' },
        { text: 'Conformance', link: '/docs/conformance' },
        { text: 'Benchmark', link: '/docs/benchmark' },
        { text: 'An example report', link: '/docs/example-report/summary' }
      ] },
      { text: 'Brokers', items: [
        { text: 'Kafka', link: '/docs/brokers/kafka' },
        { text: 'RabbitMQ', link: '/docs/brokers/rabbitmq' },
        { text: 'RocketMQ', link: '/docs/brokers/rocketmq' },
        { text: 'ActiveMQ', link: '/docs/brokers/activemq' },
        { text: 'PostgreSQL', link: '/docs/brokers/postgresql' }
      ] },
      { text: 'Adapters and tests', items: [
        { text: 'Writing an adapter', link: '/docs/writing-an-adapter' },
        { text: 'Writing an idempotency store', link: '/docs/writing-a-store' },
        { text: 'The test kit', link: '/docs/tck' },
        { text: 'History checker', link: '/docs/history-checker' },
        { text: 'Simulation', link: '/docs/simulation' },
        { text: 'Local brokers', link: '/docs/local-brokers' }
      ] },
      { text: 'The project', items: [
        { text: 'Design', link: '/docs/design' },
        { text: 'Contributing', link: '/CONTRIBUTING' },
        { text: 'Changelog', link: '/CHANGELOG' }
      ] }
    ]
  }
})
