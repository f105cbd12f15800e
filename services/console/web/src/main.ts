import './polyfills'
import { ui } from './ui'
import './styles/tokens.css'
import './styles/base.css'
import { createApp } from 'vue'
import App from './App.vue'
import { router } from './router'

createApp(App).use(router).use(ui).mount('#app')
